#include <fmt/format.h>

#include <algorithm>

#include "documents/paper_text.h"
#include "documents/qr.h"
#include "documents/sample_drawing.h"

namespace beian::documents {
namespace {

// Surnames and given characters of many shapes; any name made of them is an accident.
constexpr const char* k_surnames[] = {"王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴",
                                      "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马", "罗",
                                      "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董", "萧"};
constexpr const char* k_given[] = {"伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋",
                                   "勇", "艳", "杰", "娟", "涛", "明", "超", "秀", "霞", "平",
                                   "刚", "桂", "英", "华", "慧", "建", "国", "文", "辉", "玲",
                                   "红", "春", "海", "燕", "晨", "宇", "欣", "嘉", "思", "雨"};
constexpr const char* k_words[] = {"晨光", "远山", "青禾", "海纳", "云帆", "明德", "恒信", "天成",
                                   "瑞丰", "启航", "博文", "星辰", "绿野", "金石", "泰和", "万里"};
constexpr const char* k_trades[] = {"科技",     "信息技术", "网络科技", "文化传播", "商贸",
                                    "建筑工程", "教育咨询", "电子商务", "软件",     "物流"};
constexpr const char* k_forms[] = {"有限公司", "有限责任公司", "股份有限公司"};
constexpr const char* k_syllables[] = {"阿", "卜", "杜", "拉", "热", "合", "曼", "买", "提", "古",
                                       "丽", "江", "依", "木", "帕", "尔", "哈", "吐", "逊", "克"};
constexpr const char* k_streets[] = {"样张路", "示例大道", "试用街", "虚构东路"};
constexpr std::string_view k_code_letters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

constexpr Colour k_ink{0.10, 0.10, 0.12};
constexpr Colour k_label{0.12, 0.33, 0.55};

template <std::size_t N>
std::string one_of(const char* const (&list)[N], Dice& dice) {
  return list[dice.below(static_cast<int>(N))];
}

std::string digits(Dice& dice, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += static_cast<char>('0' + dice.below(10));
  return out;
}

// Region code 99 exists nowhere.
std::string make_id_number(Dice& dice, std::string& birth) {
  const int year = 1950 + dice.below(55), month = 1 + dice.below(12), date = 1 + dice.below(28);
  const std::string day = fmt::format("{:04}{:02}{:02}", year, month, date);
  birth = fmt::format("{:04}-{:02}-{:02}", year, month, date);
  const std::string start = "99" + digits(dice, 4) + day + digits(dice, 3);
  for (char check : std::string_view("0123456789X"))
    if (is_citizen_id(start + check)) return start + check;
  return start;
}

std::string make_credit_code(Dice& dice) {
  std::string start = "9199" + digits(dice, 4);
  for (int i = 0; i < 9; ++i)
    start += i < 2 || dice.chance(0.3) ? k_code_letters[static_cast<std::size_t>(dice.below(31))]
                                       : static_cast<char>('0' + dice.below(10));
  for (char check : k_code_letters)
    if (is_credit_code(start + check)) return start + check;
  return start;
}

void mark(Canvas& canvas) {
  canvas.stamp("样 张");
  canvas.text(canvas.width() / 2.0, canvas.height() - canvas.height() / 26.0,
              "样张 · 内容均为虚构 · 不是任何证件",
              {.size = canvas.height() / 40.0, .colour = {0.8, 0.2, 0.2}, .centred = true});
}

void row(Canvas& canvas, double x, double y, double label_width, double size, double value_width,
         const std::string& label, const std::string& value) {
  canvas.text(x, y, label, {.size = size, .colour = k_label});
  canvas.text(x + label_width, y, value, {.size = size, .colour = k_ink, .width = value_width});
}

void draw_code(Canvas& canvas, double x, double y, const std::string& number) {
  const QrCode code = make_qr("http://example.invalid/licence?uniscid=" + number);
  const double side = 190, module = side / code.size;
  canvas.box(x, y, side, side, {1, 1, 1});
  cairo_t* cairo = canvas.cairo();
  cairo_set_source_rgb(cairo, 0, 0, 0);
  for (const QrRun& run : code.runs)
    cairo_rectangle(cairo, x + run.x * module, y + run.y * module, run.length * module, module);
  cairo_fill(cairo);
}

}  // namespace

double Dice::between(double least, double most) {
  return least + (most - least) * static_cast<double>(engine_() >> 11) * 0x1p-53;
}
int Dice::below(int count) { return static_cast<int>(between(0, count)); }

Identity invent(Dice& dice) {
  Identity who;
  who.person = one_of(k_surnames, dice) + one_of(k_given, dice);
  if (dice.chance(0.7)) who.person += one_of(k_given, dice);
  who.sex = dice.chance(0.5) ? "男" : "女";
  who.id_number = make_id_number(dice, who.birth);
  who.credit_code = make_credit_code(dice);
  who.company = "示例市" + one_of(k_words, dice) + one_of(k_trades, dice);
  if (dice.chance(0.2)) who.company += "（样张）";
  who.company += one_of(k_forms, dice);
  who.address = "示例省示例市样张区" + one_of(k_streets, dice) +
                std::to_string(1 + dice.below(900)) + "号" + std::to_string(1 + dice.below(30)) +
                "幢" + std::to_string(101 + dice.below(2000)) + "室";
  return who;
}

Identity invent_long(Dice& dice) {
  Identity who = invent(dice);
  if (dice.chance(0.5)) {
    const auto part = [&] {
      std::string out;
      for (int i = 3 + dice.below(3); i > 0; --i) out += one_of(k_syllables, dice);
      return out;
    };
    who.person = part() + "·" + part();
  }
  if (dice.chance(0.7)) {
    who.company = "示例市" + one_of(k_words, dice) + one_of(k_words, dice) +
                  one_of(k_trades, dice) + "与" + one_of(k_trades, dice) + "服务（样张）" +
                  one_of(k_forms, dice);
  }
  who.address = "示例省示例自治州虚构县样张镇试用街道" + one_of(k_streets, dice) +
                std::to_string(1 + dice.below(900)) + "号示例花园" +
                std::to_string(1 + dice.below(30)) + "幢" + std::to_string(1 + dice.below(4)) +
                "单元" + std::to_string(101 + dice.below(2000)) + "室";
  return who;
}

Validity invent_validity(Dice& dice) {
  const int year = 2006 + dice.below(18), month = 1 + dice.below(12), day = 1 + dice.below(28);
  const int years[] = {5, 10, 20};
  Validity out;
  out.from = fmt::format("{:04}-{:02}-{:02}", year, month, day);
  out.until = dice.chance(0.4)
                  ? "long"
                  : fmt::format("{:04}-{:02}-{:02}", year + years[dice.below(3)], month, day);
  return out;
}

Image draw_id_back(const Validity& validity) {
  const auto printed = [](std::string date) {
    if (date == "long") return std::string("长期");
    std::replace(date.begin(), date.end(), '-', '.');
    return date;
  };
  Canvas canvas(1012, 638, {0.94, 0.95, 0.96});
  for (int i = 0; i < 26; ++i) canvas.line(0, 24.0 * i, 1012, 24.0 * i + 60, {0.89, 0.90, 0.94}, 3);
  canvas.ellipse(160, 150, 80, 80, {0.78, 0.30, 0.28});  // in the place of the emblem
  canvas.text(580, 90, "样张不是居民身份证", {.size = 52, .bold = true, .centred = true});
  row(canvas, 230, 450, 180, 32, 0, "签发机关", "示例市公安局样张分局");
  row(canvas, 230, 530, 180, 32, 0, "有效期限",
      printed(validity.from) + "-" + printed(validity.until));
  mark(canvas);
  return canvas.image();
}

Image draw_id_card(const Identity& who) {
  Canvas canvas(1012, 638, {0.92, 0.95, 0.97});
  for (int i = 0; i < 26; ++i) canvas.line(0, 24.0 * i, 1012, 24.0 * i + 60, {0.87, 0.92, 0.95}, 3);
  row(canvas, 70, 80, 110, 34, 480, "姓名", who.person);
  row(canvas, 70, 160, 110, 30, 480, "性别", who.sex);
  row(canvas, 290, 160, 90, 30, 200, "民族", "汉");
  const std::string& b = who.birth;
  row(canvas, 70, 236, 110, 30, 480, "出生",
      b.substr(0, 4) + " 年 " + std::to_string(std::stoi(b.substr(5, 2))) + " 月 " +
          std::to_string(std::stoi(b.substr(8, 2))) + " 日");
  row(canvas, 70, 312, 110, 30, 440, "住址", who.address);
  row(canvas, 70, 512, 270, 36, 0, "公民身份号码", "");
  canvas.text(345, 508, who.id_number, {.size = 40, .bold = true});
  canvas.box(690, 90, 250, 330, {0.84, 0.88, 0.91});
  canvas.ellipse(815, 220, 62, 80, {0.86, 0.72, 0.62});
  canvas.box(715, 320, 200, 100, {0.3, 0.32, 0.36});
  mark(canvas);
  return canvas.image();
}

Image draw_licence(const Identity& who, bool with_code) {
  Canvas canvas(1600, 1130, {0.98, 0.97, 0.93});
  canvas.box(40, 40, 1520, 1050, {0.72, 0.58, 0.28}, 10);
  canvas.box(60, 60, 1480, 1010, {0.72, 0.58, 0.28}, 2);
  canvas.text(800, 120, "营 业 执 照", {.size = 88, .bold = true, .centred = true});
  canvas.text(800, 235, "（副本）", {.size = 30, .centred = true});
  canvas.text(130, 150, "统一社会信用代码", {.size = 26, .colour = k_label});
  canvas.text(130, 190, who.credit_code, {.size = 32, .bold = true});
  if (with_code) draw_code(canvas, 1300, 100, who.credit_code);
  row(canvas, 130, 340, 200, 30, 520, "名　　称", who.company);
  row(canvas, 130, 430, 200, 30, 520, "类　　型", "有限责任公司（自然人独资）");
  row(canvas, 130, 510, 200, 30, 520, "法定代表人", who.person);
  row(canvas, 130, 590, 200, 30, 520, "经营范围",
      "软件开发；信息技术咨询服务；网页设计与制作；办公用品零售。（依法须经批准的项目，"
      "经相关部门批准后方可开展经营活动）");
  row(canvas, 910, 340, 180, 30, 420, "注册资本", "壹佰万元整");
  row(canvas, 910, 430, 180, 30, 420, "成立日期", "2020年01月06日");
  row(canvas, 910, 510, 180, 30, 420, "营业期限", "2020年01月06日至长期");
  row(canvas, 910, 590, 180, 30, 420, "住　　所", who.address);
  canvas.text(1080, 880, "登记机关", {.size = 30, .colour = k_label});
  canvas.text(1080, 940, "2020 年 01 月 06 日", {.size = 30});
  canvas.ellipse(1150, 900, 90, 90, {0.95, 0.72, 0.70});
  canvas.text(1080, 880, "登记机关", {.size = 30, .colour = k_label});
  mark(canvas);
  return canvas.image();
}

// As the main copy of licences of 2014 to 2019: one column.
Image draw_standing_licence(const Identity& who, bool with_code) {
  Canvas canvas(1130, 1600, {0.98, 0.97, 0.93});
  canvas.box(40, 40, 1050, 1520, {0.72, 0.58, 0.28}, 10);
  canvas.text(565, 230, "营 业 执 照", {.size = 88, .bold = true, .centred = true});
  canvas.text(330, 380, "统一社会信用代码", {.size = 28, .colour = k_label});
  canvas.text(600, 378, who.credit_code, {.size = 30, .bold = true});
  if (with_code) draw_code(canvas, 820, 1300, who.credit_code);
  const std::pair<const char*, std::string> rows[] = {
      {"名　　称", who.company},
      {"类　　型", "有限责任公司（自然人独资）"},
      {"住　　所", who.address},
      {"法定代表人", who.person},
      {"注册资本", "壹佰万元整"},
      {"成立日期", "2016年01月06日"},
      {"营业期限", "2016年01月06日至长期"},
      {"经营范围", "软件开发；信息技术咨询服务；办公用品零售。"}};
  double y = 480;
  for (const auto& [label, value] : rows) {
    row(canvas, 160, y, 200, 30, 600, label, value);
    y += 104;
  }
  canvas.text(200, 1380, "登记机关", {.size = 30, .colour = k_label});
  canvas.text(200, 1440, "2016 年 01 月 06 日", {.size = 30});
  mark(canvas);
  return canvas.image();
}

}  // namespace beian::documents
