import type { Millis } from "../../devices/kit/clock.ts";
import { dayOf } from "../../protocol/pickup-code/calendar.ts";
import { firm, html, type Html } from "./html.ts";
import type { InstrumentReport } from "./report.ts";
import { byReader, type ByReader, type Place, type Told, type Words } from "./text.ts";
import { cabinChinese } from "./text-cabin.zh-CN.ts";
import { icon } from "./views/icons.ts";
import { clockFace, countdown, whenAt, whenEnds, type When } from "./when.ts";

const date = (when: When): string => `${when.month}月${when.date}日`;
const moment = (utc: Millis): Html => firm(`${date(whenAt(utc))} ${clockFace(whenAt(utc).minute)}`);
const hours = (opens: number, closes: number): Html => firm(`${clockFace(opens)}–${clockFace(closes)}`);

/** "明天 24:00". */
function end(until: Millis, now: Millis | undefined): Html {
  const when = whenEnds(until);
  const ahead = now === undefined ? undefined : when.day - dayOf(now);
  const day = ahead === 0 ? "今天" : ahead === 1 ? "明天" : date(when);
  return firm(`${day} ${clockFace(when.minute)}`);
}

/** A date where the whole day counts, else to the minute. */
function lastDay(until: Millis): Html {
  const when = whenEnds(until);
  return firm(when.minute === 1440 ? date(when) : `${date(when)} ${clockFace(when.minute)}`);
}

const refill = (place: Place): Html | string =>
  place.refillAt === undefined ? "" : html`，补货预计 ${firm(place.refillAt)}`;

/** What is kept of what the worker came with: whoever holds a card has no code, but comes so many times. */
const ofCode = {
  what: "码",
  good: "码还有效",
  left: "码未扣",
  unused: "码没有使用",
  still: "码没有使用，一直有效",
  yours: "您的码没有使用",
  safe: "提货码不受影响",
  stays: "码保留",
  lasts: "码一直有效",
} as const;
const ofCard: Readonly<Record<keyof typeof ofCode, string>> = {
  what: "次数",
  good: "次数没有扣",
  left: "次数未扣",
  unused: "次数没有扣",
  still: "次数没有扣",
  yours: "没有扣您的次数",
  safe: "没有扣您的次数",
  stays: "还没扣次数",
  lasts: "活动",
};
const own = ({ came }: Place): typeof ofCard => (came === "card" ? ofCard : ofCode);
const again = ({ came }: Place): string =>
  came === "card" ? "再刷一次卡" : came === "code" ? "再扫一次码" : "再输一次码";

/** A station's own code is worth nothing elsewhere: no neighbours, but how long it is kept. */
const kept = (until: Millis | undefined, place: Place): Html =>
  until === undefined
    ? html`给您留着${refill(place)}`
    : html`给您留着；${end(until, place.now)} 前都有效${refill(place)}`;

/** "明天 06:00". */
function begin(from: Millis, now: Millis | undefined): Html {
  const when = whenAt(from);
  const ahead = now === undefined ? undefined : when.day - dayOf(now);
  const day = ahead === 0 ? "今天" : ahead === 1 ? "明天" : date(when);
  return firm(`${day} ${clockFace(when.minute)}`);
}

/** Whoever gets no drink still gets water, where the station has some. */
const dispenserAt = ({ dispenser }: Place): Html =>
  dispenser === undefined ? html`天热多补水` : html`天热多补水，饮水机在${dispenser.zh}`;

/** What works while the keypad rests. */
const still: ByReader = { card: "。刷卡仍可用", code: "。扫码仍可用", both: "。刷卡、扫码仍可用" };

const told = (headline: string, ...lines: readonly Html[]): Told => ({ headline, lines });
const phone = (place: Place): Html => firm(place.phone);

/** How long something has been so. */
const span = (seconds: number): string =>
  seconds < 120
    ? `${Math.floor(seconds)} 秒`
    : seconds < 7200
      ? `${Math.floor(seconds / 60)} 分钟`
      : `${Math.floor(seconds / 3600)} 小时`;

export const chinese: Words = {
  starting: "正在启动，请稍等",
  idle: {
    free: "免费领水",
    cue: "请输入提货码",
    orReader: { card: "或刷工会卡", code: "或扫码", both: "或刷工会卡、扫码" },
    byReader: { card: "请刷工会卡", code: "请扫码", both: "请刷工会卡，或扫码" },
    digits: (count) => `码在短信里，共 ${count} 位数字`,
    hours: (opens, closes) =>
      opens === "00:00" && closes === "24:00" ? html`全天 24 小时可领` : html`每天 ${firm(`${opens}–${closes}`)} 可领`,
    season: (from, until) => html`${firm(date(whenAt(from)))}至${lastDay(until)}`,
  },
  enter: {
    title: "请输入提货码",
    still: "还在吗？按任意键继续",
    goOn: "继续",
    hint: "输完最后一位，自动核对",
  },
  checking: "正在核对，请稍等",
  waits: "已读到，请稍等",
  choose: {
    title: (place) => (place.came === "card" ? "请选一种" : "码有效，请选一种"),
    howTo: (keys, place) =>
      `${keys.length > 2 ? "按数字选" : `按 ${keys.join(" 或 ")}`}；30 秒不选，${place.came === "card" ? "不扣次数" : "码会原样保留"}`,
  },
  dispensing: { wait: "正在出货，请稍等", long: "还在出货，请别走开" },
  done: {
    title: "好了，请从下方取走。",
    thanks: "您辛苦了！",
    more: (times) => `今天还可领 ${times} 次`,
    rate: "您满意吗？",
    rated: "谢谢您的评价",
  },
  face: { good: "满意", fair: "一般", poor: "不满意" },
  refusal: {
    E1: () => told("好像输错了一位", html`请对照短信再看一遍；按“${icon("back")}”可改`),
    E2: ({ triesLeft, newCodeMinutes }, place) =>
      told(
        "没有查到这个提货码",
        html`请核对号码。还可再试 ${firm(`${triesLeft} 次`)}。`,
        newCodeMinutes === undefined
          ? html`或致电 ${phone(place)}`
          : html`刚收到的码请过 ${firm(`${newCodeMinutes} 分钟`)}再试，或致电 ${phone(place)}`,
      ),
    E3: ({ left, of }, place) =>
      of === "numbers"
        ? told(`请歇 ${countdown(left)} 再刷`, html`没登记的卡试得太多，先停一停。`, html`提货码、电子会员码仍可用`)
        : told(`请歇 ${countdown(left)} 再试`, html`输错次数太多，键盘暂停${byReader(still, place.reads)}`),
    E4: ({ at, ref, of }, place) =>
      told(
        of === "card" ? "这次读卡已用过，请用原卡再刷" : "这个码已领过了",
        html`${moment(at)} 在本机领取。`,
        html`不是您本人？请致电 ${phone(place)}，报编号 ${firm(ref)}`,
      ),
    E5: ({ at, station }, place) =>
      told("这个码已领过了", html`${moment(at)} 在 ${station.zh} 领取。`, html`不是您本人？请致电 ${phone(place)}`),
    E6: (_, place) => told("这个码请到别的站领", html`可领站点写在短信里；找不到请致电 ${phone(place)}`),
    E7a: ({ from, until }, place) =>
      told("还没到领取时间", html`${moment(from)} 起可以领，${own(place).lasts}到 ${end(until, place.now)}`),
    E7b: ({ until, campaignOn }, place) =>
      told(
        "这个码已过期",
        html`有效期到 ${lastDay(until)}。`,
        campaignOn
          ? place.channel
            ? html`本季活动仍在进行：可在“${place.channel.zh}”再领`
            : html`本季活动仍在进行：怎样再领，请致电 ${phone(place)}`
          : html`本季活动已结束。有疑问请致电 ${phone(place)}`,
      ),
    E7c: ({ opens, closes }, place) =>
      told("现在不是领取时间", html`本站 ${hours(opens, closes)} 可领，请到时再来。`, html`${own(place).safe}`),
    E8a: ({ out, instead, had }, place) =>
      told(
        had ? `${out.zh} 您已领过` : `${out.zh} 已领完`,
        html`可换 ${firm(instead.name.zh)}${firm(`（按 ${instead.key}）`)}；${own(place).stays}`,
      ),
    E8b: ({ until, nearby }, place) =>
      told(
        `本机已领完，${own(place).what}给您留着`,
        nearby
          ? html`可到下列站点领取${refill(place)}`
          : until === undefined
            ? html`${own(place).safe}${refill(place)}`
            : html`${end(until, place.now)} 前都有效${refill(place)}`,
      ),
    E9: ({ ref, instead, until, nearby }, place) => {
      const { what, good, left } = own(place);
      const headline = `没有掉下来，${good}`;
      if (nearby) {
        const other = instead ? html`请换一种${firm(`（按 ${instead.key}）`)}或到` : "可到";
        return told(headline, html`已自动报修（编号 ${firm(ref)}）。${other}下列站点；${left}`);
      }
      return told(
        headline,
        instead
          ? html`已自动报修（编号 ${firm(ref)}）。请换一种${firm(`（按 ${instead.key}）`)}；${left}`
          : html`已自动报修（编号 ${firm(ref)}）；${left}`,
        html`${what}${kept(until, place)}`,
      );
    },
    E10: ({ ref, until, nearby }, place) => {
      const headline = "机器暂时出不了货";
      const reported = ref === undefined ? "" : html`已报修 ${firm(ref)}。`;
      if (nearby) return told(headline, html`${own(place).still}。${reported}最近可领：`);
      return told(
        headline,
        until === undefined ? html`${own(place).still}` : html`${own(place).unused}，${kept(until, place)}`,
        ref === undefined ? html`请稍后再来，或致电 ${phone(place)}` : html`已报修 ${firm(ref)}，请稍后再来`,
      );
    },
    E11: ({ ref }, place) =>
      told("刚才停电了", html`如未拿到，请${again(place)}（已为您保留）；已拿到请按“已取”`, html`编号 ${firm(ref)}`),
    E12b: ({ minutes }, place) =>
      told(
        "暂时联不上，稍后再试",
        place.came === "card" ? html`本机断网，断网时每天只发几份，已发完。` : html`本机断网，只能核验已下载的码。`,
        html`${own(place).yours}。请 ${firm(`${minutes} 分钟`)}后再试`,
      ),
    E13: (refusal, place) =>
      refusal.per === "campaign"
        ? told("本次活动您已领完", html`您一共领了 ${firm(`${refusal.had} 次`)}，下次活动再来。`, dispenserAt(place))
        : told(
            refusal.had > 0 ? `今天已领 ${refusal.had} 次` : "今天的份已领完",
            refusal.again === undefined ? html`明天可再领。` : html`${begin(refusal.again, place.now)} 起可再领。`,
            dispenserAt(place),
          ),
    E14: ({ minutes, last }) =>
      told(`请过 ${minutes} 分钟再领`, html`上次领取 ${moment(last)}`, html`到时再刷一次就行`),
    E15: ({ of }, place) =>
      told(
        of === "card" ? "这张卡还没登记" : "没有查到这个码",
        html`可以用提货码；`,
        html`登记请找站点管理员，或致电 ${phone(place)}`,
      ),
    E16: ({ of }) =>
      of === "card"
        ? told("没读到卡，请平放 2 秒", html`仍不行可输提货码`)
        : told("没扫清楚，请拿平再扫一次", html`擦净、调亮屏幕，离远一点；仍不行可输提货码`),
    E20: ({ month }) =>
      told("本季“夏送清凉”已结束", html`感谢一路辛苦，明年 ${firm(`${month}月`)}见；`, html`站内饮水、充电照常`),
    E21: ({ ref, until }, place) => {
      const call = html`请致电 ${phone(place)}${ref === undefined ? "" : html`，报编号 ${firm(ref)}`}`;
      return until === undefined
        ? told("暂停发放，正在核对", html`${own(place).yours}，${call}`)
        : told("暂停发放，正在核对", html`${own(place).yours}，${kept(until, place)}`, call);
    },
    E23: ({ ref }, place) => told("没看清有没有掉下来", html`没拿到请${again(place)}，已为您保留（编号 ${firm(ref)}）`),
    E23b: ({ ref }, place) => told("这次还是没看清", html`请致电 ${phone(place)}，报编号 ${firm(ref)}`),
  },
  key: { back: "删除", clear: "清空", cancel: "取消", leave: "返回", taken: "已取" },
  name: (name) => name.zh,
  had: "您已领过",
  left: (count) => (count === null ? "有货" : count === 0 ? "已领完" : `还有 ${count} 瓶`),
  nearby: {
    way: (metres, minutes) =>
      `${metres < 1000 ? `${metres}米` : `${(metres / 1000).toFixed(1)}公里`} 步行${minutes}分钟`,
    asOf: (at) => `（${clockFace(whenAt(at).minute)} 的数据）`,
  },
  machine: (number) => `${number}号机`,
  phone: "服务电话",
  cabin: cabinChinese,
  technician: {
    kiosk: "本机",
    link: "联网",
    noLink: "没有设置联网，单机工作",
    online: (seconds) => `已连上中心，${span(seconds)}`,
    offline: (seconds) => `没有连上中心，${span(seconds)}；本机照常发放`,
    refused: {
      unreachable: "连不上服务器：查网线、路由器、流量卡",
      certificate: "证书不对：重新放入 link 文件夹",
      clock: "时钟不对，所以连不上：先校时",
      version: "服务器不认这种协议",
      "not-authorised": "服务器不让本机登录：请中心登记",
      banned: "服务器拉黑了本机：请联系中心",
      quota: "服务器名额已满：请联系中心",
      busy: "服务器正忙，会自动再试",
      refused: "服务器拒绝了连接，会自动再试",
    },
    outbox: "待传记录",
    waiting: (events) => (events === 0 ? "都已确认" : `${events} 条待确认，不会丢`),
    certificate: "证书",
    days: (left) => (left < 0 ? "已过期" : `还有 ${left} 天`),
    clock: "时钟",
    clocks: { trusted: "已校时", coasting: "校过时，现在靠自己走", "floor-only": "没有校时：查网络或时钟电池" },
    disk: "存储卡",
    diskWell: "正常",
    diskRefuses: "写不进去：查存储卡",
    reader: (how, { reads, last }) =>
      `${how}；读${reads.map((kind) => ({ card: "卡", code: "码" })[kind]).join("、")}；${last === undefined ? "还没读到过" : `${span(last.ago)}前${{ card: "读到卡", code: "扫到码", unread: "没读清" }[last.what]}`}`,
    instrument: (how, { measures, calibration, tests }) =>
      `${how}；测${measures.map((item) => cabinChinese.figure[item]).join("、")}；${calibrated(calibration)}；测成 ${tests.ok} 人，没测成 ${tests.fail} 人（满十人才计）`,
    printer: (how) => `${how}；打印小票`,
    members: "会员名单",
    bare: {
      card: "裸卡号（UID）只认号、不验真伪，可以复制：只靠限量防冒领",
      code: "印刷号、条码只认号、不验真伪，谁知道都能用：只靠限量防冒领",
    },
    presence: {
      working: "正常",
      starting: "正在启动",
      stale: "没有回应：查电源和线",
      broken: "有故障",
      absent: "没有找到：查插头",
      off: "没有启用",
    },
  },
};

function calibrated(calibration: InstrumentReport["calibration"]): string {
  if (calibration === undefined) return "没有写校准日期";
  const { due, days, is } = calibration;
  return is === "over" ? `校准 ${due} 到期：要重新校准` : `校准到 ${due}，还有 ${days} 天`;
}

/** What stands in both languages at once, whichever is spoken. */
export const bilingual = { simulation: "模拟 SIMULATION", language: "中 / EN" } as const;
