import type { EventKind, Level } from "../protocol/events/events.ts";

/** What the staff read of an event: its name, what it means, and what to do. The English is in protocol/events/events.ts. */
export interface EventWords {
  readonly name: string;
  readonly means: string;
  readonly act: string;
}

export const levelWords: Readonly<Record<Level, string>> = {
  P1: "紧急：立即电话处理",
  P2: "重要：当天处理",
  P3: "一般：本周处理",
  P4: "提示",
  record: "记录",
};

const nothing = "无需处理。";

export const eventWords: Readonly<Record<EventKind, EventWords>> = {
  attempt: {
    name: "开始出货",
    means: "取货码或会员卡已通过，电机即将转动；先记录，后动作。",
    act: "无需处理。没有结果的出货，柜机下次启动时会补记结果。",
  },
  outcome: {
    name: "出货结果",
    means: "一次出货的结果。",
    act: "同一天两次以上“不确定”，请清点该货道；多次“未出货”，请检查是否卡货。",
  },
  taken: {
    name: "自报已取到",
    means: "结果不确定后，工友确认货已掉下：该码按已使用处理。",
    act: nothing,
  },
  rating: { name: "满意度", means: "取货后点的表情。", act: "“不满意”变多时，请到站点了解原因。" },
  refill: { name: "补货", means: "货道已补货或重新清点。", act: "按此登记站点库存。" },
  "test-vend": {
    name: "测试出货",
    means: "维修人员让电机转动，不占用取货码；先记录，后动作。",
    act: "确认当时有维修人员在场；没有则查明是谁。",
  },
  "test-outcome": { name: "测试结果", means: "一次测试出货的结果。", act: nothing },
  fault: {
    name: "设备故障",
    means: "设备无法工作。修好之前只报一次。",
    act: "看故障类型：柜门未关、缺货、卡货、自检未过由站点管理员处理，其余由维修人员处理。",
  },
  "fault-cleared": { name: "故障恢复", means: "设备已连续正常工作一分钟。", act: "关闭对应的故障。" },
  door: { name: "柜门开关", means: "柜门被打开或关上。", act: "没有派人时，请致电站点。" },
  "lock-out": {
    name: "输入暂停",
    means: "错误的取货码、卡号或条码太多，暂停受理，等待次数恢复。",
    act: "半小时内三次：查看是否有人试码，或是否印错了一批取货码。",
  },
  guessing: {
    name: "疑似试码",
    means: "一天内不存在的码、未登记的卡或条码过多，不像是出错。",
    act: "致电站点；确认活动密钥已到柜机；否则留意柜前的人。",
  },
  refusals: {
    name: "未通过统计",
    means: "上次统计以来各类“未通过”的次数，每分钟最多记一条。",
    act: "某一类明显变多时，查看该提示的说明。",
  },
  "file-refused": {
    name: "文件未生效",
    means: "柜机没有采用一个签名文件。",
    act: "按原因改正后重新下发。",
  },
  adopted: { name: "文件生效", means: "签名的活动文件、名单或密钥包已生效。", act: nothing },
  command: {
    name: "执行指令",
    means: "即将执行中心的指令；先记录，后执行，只执行一次。",
    act: "应能在已下发的指令中找到；找不到说明密钥外泄，请立即吊销。",
  },
  "command-ended": { name: "指令结果", means: "指令的执行结果。", act: "失败时看原因，再重新下发。" },
  "commands-refused": {
    name: "指令被拒",
    means: "上次统计以来未执行的指令，每分钟最多记一条。",
    act: "中心没有下发过时，说明有人冒充：检查消息服务器的账号。",
  },
  configured: {
    name: "配置变更",
    means: "中心下发的配置正在试用、已采用，或已退回上一版。",
    act: "被退回或拒绝时，按原因改正，换新版本号再下发。",
  },
  "new-life": {
    name: "账本分叉",
    means: "中心保存的记录与柜机存储卡不一致：插入了旧卡备份，或有两张相同的卡在用。",
    act: "立即电话联系到过柜机的人。可能有码被重复使用：核对两份记录，找到另一张卡并封存。",
  },
  "handed-over": {
    name: "健康结果外送",
    means: "健康小屋有人要求把自己的结果发给接收机构；内容已加密，只有接收机构能打开。",
    act: "把加密信件转交接收机构。",
  },
  checked: {
    name: "体检人次",
    means: "健康小屋来了多少人、测了哪些项目，不含任何测量结果。每满十人、过了当天才报一次，只报整十数。",
    act: "计入站点的服务人次。不足十的零头随以后的记录上报，单日数字仅供参考。",
  },
  calibration: {
    name: "仪器检定",
    means: "健康仪器的检定即将到期，或已过期。每个到期日各报一次。",
    act: "即将到期的，本周安排检定，并把新的到期日写入站点配置；已过期的，当天处理。",
  },
  started: {
    name: "柜机启动",
    means: "柜机已启动。",
    act: "一天内两次启动而中间没有“正常停机”：检查供电。",
  },
  stopped: { name: "正常停机", means: "柜机按正常步骤停机。", act: nothing },
};
