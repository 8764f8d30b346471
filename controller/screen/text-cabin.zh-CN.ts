import { printedUnit } from "../domain/health/figure.ts";
import type { Flag } from "../domain/health/findings.ts";
import { within } from "../domain/health/within.ts";
import type { CabinWords } from "./text-cabin.ts";

/** What a rule asks for; a single very high pressure is only measured again. */
const flagWords: Readonly<Record<Flag["rule"], string>> = {
  "emergency-symptom": "您说的不舒服，要马上有人看",
  "pressure-emergency": "血压偏高很多，人又不舒服",
  "pressure-very-high": "数值偏高很多，请尽快就医",
  "pressure-high": "血压偏高，请去看医生",
  "pressure-low": "血压偏低，请坐下休息",
  "pressure-apart": "几次血压相差较大，请歇歇再量",
  "glucose-low": "血糖偏低，请马上吃点糖",
  "glucose-high": "血糖偏高很多，请今天就医",
  "urate-high": "尿酸偏高很多，请去看医生",
  "triglyceride-high": "甘油三酯偏高很多，请看医生",
  "haemoglobin-low": "血红蛋白偏低很多，请今天就医",
  "pulse-slow": "脉搏偏慢，请再量一次",
  "pulse-fast": "脉搏偏快，请坐下休息",
  "spo2-low": "血氧偏低很多，请马上叫人",
  "spo2-recheck": "血氧偏低，请捂热手再量",
  "temperature-high": "体温偏高，请休息、降温",
  "heat-r1": "请先停工，到阴凉处降温",
  "heat-r2": "请马上降温，马上叫人",
  "heat-r4": "天热出汗多，注意补水",
  "heat-early": "热处干活后不舒服，请先停工",
  "heat-work": "刚从热处来，歇一歇，多喝水",
};

const blood = {
  how: ["先用温水洗手、擦干", "采血针只用新的，用完放进利器盒", "扎无名指侧面，血滴碰到试纸即可"],
  before: "换新的采血针和试纸",
  after: "针和试纸放进利器盒，按住指尖止血",
  started: "插好试纸，把血滴碰到试纸",
  start: "插好试纸，把血滴碰到试纸",
} as const;

export const cabinChinese: CabinWords = {
  entry: {
    title: "健康自测",
    lines: ["免费量血压、血氧、体温、血糖等", "只您本人能看到数值；工会只看到人次"],
  },
  key: {
    end: "结束",
    agree: "同意",
    refuse: "不同意",
    female: "女",
    male: "男",
    skip: "跳过",
    next: "继续",
    nothing: "都没有",
    begin: "开始",
    results: "看结果",
    ready: "准备好了",
    "skip-rest": "不歇了",
    "still-me": "还是我",
    "new-person": "换人了",
    fasting: "空腹 8 小时",
    "after-meal": "饭后 2 小时",
    unknown: "说不清",
    stop: "停止",
    again: "再测一次",
    understood: "知道了",
    print: "打印",
    qr: "二维码",
    send: "发送",
    pass: "体检卡",
    steps: "接着测",
    "all-steps": "全部项目",
    earlier: "上一页",
    later: "下一页",
    "new-pass": "办新卡",
    symptoms: "不舒服",
    meanwhile: "先测别的",
  },
  reference: "仅供参考，不作诊断",
  forgets: "不留记录",
  consent: {
    title: "只您本人能看到数值；工会只看到人次",
    lines: [
      "您同意，才记一次人次；数值不存、不传。",
      "按“结束”或 60 秒没人按，全部清除。",
      "不同意也照样能测，什么都不记。",
    ],
  },
  sex: { title: "您的性别？", lines: ["有些参考范围男女不同。不想说可跳过"] },
  age: { title: "您多大年纪？", lines: ["周岁。不想说可跳过"] },
  years: "岁",
  adults: "请输入 18 到 120 岁；也可跳过",
  symptoms: { title: "现在有这些不舒服吗？", lines: [] },
  symptom: {
    "severe-headache": "头痛厉害",
    vomiting: "呕吐",
    "speech-trouble": "说话不清",
    "limb-weakness": "手脚无力",
    "chest-pain": "胸痛",
    "back-pain": "后背痛",
    breathless: "喘不上气",
    confusion: "脑子糊涂",
    collapse: "晕倒过",
    convulsion: "抽搐",
    "no-sweat": "热却无汗",
    dizzy: "头晕",
    thirst: "口渴得很",
    "frequent-urination": "小便很多",
  },
  hotWork: "刚在热处干活",
  steps: { title: "点一项，或按“开始”", lines: [] },
  state: { ready: "可测", done: "已测", skipped: "跳过了", absent: "没连上", overdue: "待校准" },
  step: {
    pressure: {
      name: "血压",
      how: ["坐直靠背，双脚放平，别跷腿", "卷起袖子，手臂与心口一样高", "量时别动、别说话"],
      before: "先擦一擦袖带",
      after: "请擦一擦袖带",
      started: "正在量，别动、别说话",
      start: "请按仪器上的开始键",
    },
    oxygen: {
      name: "血氧",
      how: ["手指伸到底，指甲朝上", "手冷请先捂热；指甲油要擦掉", "手放稳，别动"],
      before: "先擦一擦指夹",
      after: "请擦一擦指夹",
      started: "手指别动，稍等片刻",
      start: "请夹好手指，打开指夹",
    },
    temperature: {
      name: "体温",
      how: ["擦干额头的汗，拨开头发", "从太阳底下来，先歇 5 分钟", "对准额头，离开 3 厘米"],
      before: "先擦一擦探头",
      after: "请擦一擦探头",
      started: "对准额头，别动",
      start: "对准额头，按测量键",
      mind: "额温只量皮肤：不高也不能放心，热得难受请叫人",
    },
    body: {
      name: "身高体重",
      how: ["脱鞋、脱帽，掏空口袋", "光脚站在中间，站直，看前方", "站稳别扶"],
      before: "先擦一擦踏板",
      after: "请擦一擦踏板",
      started: "站直别动",
      start: "请站上去，站直别动",
    },
    composition: {
      name: "体脂",
      how: ["光脚踩在金属片上", "双手握住手柄，手臂张开", "装有心脏起搏器的请跳过"],
      before: "先擦一擦手柄和踏板",
      after: "请擦一擦手柄和踏板",
      started: "握住别松手",
      start: "请站上去，握住手柄",
    },
    glucose: { name: "血糖", ...blood, mind: "指尖血只作筛查；偏高偏低，请到医院抽血复查" },
    urate: { name: "尿酸", ...blood },
    lipids: { name: "血脂", ...blood },
    haemoglobin: { name: "血红蛋白", ...blood },
    ketone: { name: "血酮", ...blood },
    lactate: { name: "乳酸", ...blood },
    waist: {
      name: "腰围臀围",
      how: ["站直，自然呼气", "腰围：肚脐上一指，皮尺放平", "臀围：量最宽的地方"],
      before: "先擦一擦皮尺",
      after: "请擦一擦皮尺",
      started: "请输入皮尺上的数",
      start: "请输入皮尺上的数",
    },
    grip: {
      name: "握力",
      how: ["站直，手臂自然下垂", "用全力握，左右手各一次", "握好后看表上的数"],
      before: "先擦一擦握把",
      after: "请擦一擦握把",
      started: "请用全力握",
      start: "请用全力握",
    },
    vision: {
      name: "视力",
      how: ["站在 5 米线后，眼镜照戴", "遮一只眼，别压眼球", "看清的最小一行，就是您的视力"],
      before: "先擦一擦遮眼板",
      after: "请擦一擦遮眼板",
      started: "请输入看清的那一行",
      start: "请输入看清的那一行",
    },
  },
  instrument: (name) => `仪器：${name.zh.replace(/（.*$/, "")}`,
  overdue: "仪器过了校准日期，数值只能作大概",
  rest: { title: "请静坐休息，再量血压", lines: ["靠背坐好，双脚放平", "别说话，别看手机"] },
  between: { title: "歇一分钟，再量一次", lines: ["手臂别动，袖带不用解", "量两次取平均，更准"] },
  third: { title: "两次相差较大，再量一次", lines: ["手臂别动，袖带不用解", "三次取平均，更准"] },
  reading: (count) => `第 ${count} 次`,
  stillYou: { title: "还是刚才那位吗？", lines: ["换了人，前面的数值马上清除"] },
  still: (seconds) => ({
    title: "您还在吗？",
    lines: [`没人按键，${seconds} 秒后全部清除`],
  }),
  meal: { title: "您最近一次吃东西是？", lines: ["空腹和饭后，参考范围不同"] },
  cuff: "袖带压力，不是血压",
  wave: "脉搏波",
  preview: "还没稳定，请再等等",
  waiting: "正在等仪器的数",
  again: {
    "instrument-error": { title: "这次没测成，请再来一次", lines: ["坐稳、放好，别动", "采血的请换一张新试纸"] },
    "nothing-came": { title: "没等到数值", lines: ["要再测一次吗？"] },
    "instrument-gone": { title: "这台仪器现在用不了", lines: ["其他项目照常能测", "请告诉站点工作人员"] },
    doubtful: { title: "这次没测准，请再测一次", lines: ["数不可信，所以不显示", "如果不舒服，请叫工作人员或拨 120"] },
  },
  told: "测好了",
  enter: (item) => `请输入${cabinChinese.figure[item]}`,
  typing: {
    waist: "肚脐上一指，皮尺放平，自然呼气",
    hip: "站直，量最宽的地方，皮尺放平",
    "grip-left": "左臂下垂，用全力握，看表上的数",
    "grip-right": "右臂下垂，用全力握，看表上的数",
    "vision-left": "站在 5 米线后，遮住右眼",
    "vision-right": "站在 5 米线后，遮住左眼",
  },
  wrong: "不太像，请再看一遍",
  figure: {
    systolic: "收缩压（高压）",
    diastolic: "舒张压（低压）",
    "mean-arterial": "平均压",
    pulse: "脉搏",
    "irregular-beats": "不齐的心跳",
    spo2: "血氧饱和度",
    perfusion: "灌注指数",
    temperature: "体温",
    height: "身高",
    weight: "体重",
    bmi: "体重指数 BMI",
    waist: "腰围",
    hip: "臀围",
    "waist-to-hip": "腰臀比",
    "body-fat": "体脂率",
    "body-water": "身体水分",
    "muscle-mass": "肌肉量",
    "bone-mass": "骨量",
    "visceral-fat": "内脏脂肪",
    "basal-metabolism": "基础代谢",
    glucose: "血糖",
    urate: "尿酸",
    cholesterol: "总胆固醇",
    hdl: "高密度脂蛋白",
    ldl: "低密度脂蛋白",
    "non-hdl": "非高密度脂蛋白",
    triglyceride: "甘油三酯",
    haemoglobin: "血红蛋白",
    haematocrit: "红细胞压积",
    ketone: "血酮",
    lactate: "乳酸",
    "grip-left": "左手握力",
    "grip-right": "右手握力",
    "vision-left": "左眼视力",
    "vision-right": "右眼视力",
  },
  unit: (unit) => (unit === "/min" ? "次/分" : printedUnit[unit]),
  place: { below: "低于参考", within: "参考内", above: "高于参考", unclear: "说不准" },
  class: {
    "very-low": "低于参考很多",
    low: "低于参考",
    ideal: "参考内，理想",
    suitable: "参考内",
    normal: "参考内",
    within: "参考内",
    "high-normal": "略高于参考",
    borderline: "略高于参考",
    raised: "略高于参考",
    high: "高于参考",
    grade1: "高于参考",
    grade2: "高于参考较多",
    grade3: "高于参考很多",
    unclear: "要看空腹还是饭后",
    "high-up": "高原上说不准",
  },
  range(bands, unit) {
    const edges = within(bands);
    if (edges === undefined) return undefined;
    const { low, high } = edges;
    const range = low === undefined ? `${high} 以下` : high === undefined ? `${low} 以上` : `${low}–${high}`;
    return `参考 ${range}${unit && ` ${unit}`}`;
  },
  listed: (words) => words.join("，"),
  note: {
    moved: "动了",
    "irregular-pulse": "脉搏不齐",
    "cuff-loose": "袖带松了",
    "weak-signal": "信号弱",
    "before-meal": "饭前",
    "after-meal": "饭后",
    fasting: "空腹",
    entered: "手工输入",
  },
  mean: (count, each) => `${count} 次平均${each === undefined ? "" : `（${each.join("、")}）`}`,
  unrested: "没静坐",
  overdueFigure: "待校准",
  entered: "手工输入",
  doubtful: "没测准，请再测一次；不舒服请叫人或拨 120",
  flag: (flag) =>
    flag.rule === "pressure-very-high" && flag.level === "amber" ? "血压偏高很多，请歇歇再量" : flagWords[flag.rule],
  does({ do: what, minutes }) {
    switch (what) {
      case "call-120":
        return "拨打 120";
      case "call-staff":
        return "叫站点工作人员";
      case "tell-supervisor":
        return "告诉班组长";
      case "see-doctor-today":
        return "今天去看医生";
      case "see-doctor":
        return "去看医生";
      case "stop-work":
        return "停下手里的活";
      case "cool-now":
        return "到阴凉处，解开衣服，用水擦身";
      case "drink":
        return "喝水";
      case "eat-sugar":
        return "吃糖或喝甜饮料";
      case "rest":
        return minutes === undefined ? "坐下休息" : `坐下休息 ${minutes} 分钟`;
      case "measure-again":
        return minutes === undefined ? "再量一次" : `${minutes} 分钟后再量`;
      case "warm-finger":
        return "捂热手指";
      case "water-and-salt":
        return "多喝水，补点盐";
    }
  },
  ambulance: {
    now: "请立即拨打 120",
    "if-symptoms": "胸痛、说话不清请立即拨打 120",
    "if-faint": "神志不清、晕倒请立即拨打 120",
  },
  more: "其余请看结果页",
  alert: "请立即拨打",
  results: "您的结果",
  leaf: (leaf, leaves) => `第 ${leaf}/${leaves} 页`,
  print: {
    ready: "可以打印带走",
    printing: "正在打印",
    printed: "已打印，请取走小票",
    "no-paper": "没有纸了，请用二维码",
    failed: "没打印成，请用二维码",
  },
  send: { ready: "可以发送", sealing: "正在加密", kept: "已加密，等待发出", failed: "没有发送成功" },
  nothing: "还没有测出数值",
  qr: { title: "用手机扫，数值只到您手机", lines: ["用相机或“扫一扫”", "不联网，本机不留底"] },
  sendTo: (to) => ({
    title: "把结果加密发送，您同意吗？",
    lines: [`只有 ${to.zh} 能打开`, "站点、工会、网络上谁都看不到", "不发送也没关系，照样打印、扫码"],
  }),
  passCode: { title: "请输入体检卡号", lines: ["12 位数字；没有卡就办新卡", "卡上只记做过哪些项目，不记数值"] },
  passSaid: {
    unknown: "没有查到这个卡号，请再看一遍",
    full: "本机的卡已满，请找工作人员",
    failed: "现在查不了，请稍后再来",
  },
  passTicked: (ticked, of) => `已做 ${ticked} 项，共 ${of} 项`,
  passHint: (code) => `卡号 ${code}，请记好`,
  passWrong: "没有这个项目号",
  passHere: "可测",
  bye: { title: "已全部清除，请慢走", lines: ["请擦一擦用过的仪器", "采血针放进利器盒", "您辛苦了！"] },
};
