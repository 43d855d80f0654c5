#include "documents/samples.h"

#include "documents/canvas.h"
#include "documents/qr.h"

namespace beian::documents {
namespace {

constexpr const char* k_company = "示例科技有限公司";
constexpr const char* k_credit_code = "91990100MA990001X7";
constexpr const char* k_person = "张示例";
constexpr const char* k_id_number = "990101199001010019";
constexpr const char* k_domain = "beian-sample.example";
constexpr const char* k_address = "示例省示例市示例区样张路1号";
constexpr const char* k_notice = "样张 · 仅供试用本系统 · 内容均为虚构，不是任何证件";

constexpr Colour k_ink{0.10, 0.10, 0.12};
constexpr Colour k_label{0.12, 0.33, 0.55};
constexpr Colour k_grey_top{0.55, 0.57, 0.60};
constexpr Colour k_red_top{0.80, 0.08, 0.10};
constexpr Colour k_skin{0.93, 0.77, 0.65};
constexpr Colour k_hair{0.12, 0.10, 0.10};

struct Row {
  const char* label;
  const char* value;
};

std::string finish(Canvas& canvas) {
  canvas.stamp("样 张");
  const double size = canvas.width() / 56.0;
  const double top = canvas.height() - 2.0 * size;
  canvas.box(0, top, canvas.width(), 2.0 * size, {1, 1, 1});
  canvas.text(canvas.width() / 2.0, top + 0.2 * size, k_notice,
              {.size = size, .colour = {0.7, 0.1, 0.1}, .bold = true, .centred = true});
  return encode_jpeg(canvas.image(), {.quality = 90});
}

void draw_qr(Canvas& canvas, double x, double y, double side) {
  const QrCode code = make_qr("样张 " + std::string(k_credit_code));
  canvas.box(x, y, side, side, {1, 1, 1});
  cairo_t* cairo = canvas.cairo();
  cairo_set_source_rgb(cairo, 0, 0, 0);
  const double module = side / code.size;
  for (const QrRun& run : code.runs)
    cairo_rectangle(cairo, x + run.x * module, y + run.y * module, run.length * module, module);
  cairo_fill(cairo);
}

// Head and shoulders of nobody, as wide as `size` at the shoulders, the chin above (x, y).
void draw_person(Canvas& canvas, double x, double y, double size, Colour top) {
  const double head = size * 0.23;
  canvas.ellipse(x, y + size * 0.62, size * 0.55, size * 0.56, top);              // shoulders
  canvas.box(x - size * 0.55, y + size * 0.60, size * 1.1, size * 2, top);        // body
  canvas.box(x - head * 0.42, y - head * 0.3, head * 0.84, size * 0.22, k_skin);  // neck
  canvas.ellipse(x, y + size * 0.152, head * 0.50, size * 0.06, k_skin);          // collar
  canvas.ellipse(x, y - head * 1.05, head * 1.06, head * 1.32, k_hair);
  canvas.ellipse(x, y - head * 0.85, head * 0.92, head * 1.16, k_skin);
  for (double side : {-1.0, 1.0}) {
    canvas.ellipse(x + side * head * 0.97, y - head * 0.85, head * 0.13, head * 0.25, k_skin);
    canvas.ellipse(x + side * head * 0.38, y - head * 1.0, head * 0.15, head * 0.08, {1, 1, 1});
    canvas.ellipse(x + side * head * 0.38, y - head * 1.0, head * 0.07, head * 0.08, k_hair);
    canvas.line(x + side * head * 0.2, y - head * 1.24, x + side * head * 0.58, y - head * 1.24,
                k_hair, head * 0.07);
  }
  canvas.line(x, y - head * 0.9, x - head * 0.06, y - head * 0.55, {0.8, 0.6, 0.5}, head * 0.05);
  canvas.line(x - head * 0.25, y - head * 0.2, x + head * 0.25, y - head * 0.2, {0.7, 0.35, 0.33},
              head * 0.07);
}

void draw_rows(Canvas& canvas, double x, double y, double step, double label_width, double size,
               double value_width, const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    canvas.text(x, y, row.label, {.size = size, .colour = k_label});
    canvas.text(x + label_width, y, row.value,
                {.size = size, .colour = k_ink, .width = value_width});
    y += step;
  }
}

std::string draw_business_licence() {
  Canvas canvas(1600, 1130, {0.99, 0.98, 0.94});
  canvas.box(40, 40, 1520, 1050, {0.72, 0.58, 0.28}, 10);
  canvas.box(60, 60, 1480, 1010, {0.72, 0.58, 0.28}, 2);
  canvas.text(800, 120, "营 业 执 照", {.size = 88, .bold = true, .centred = true});
  canvas.text(800, 235, "（副本）", {.size = 30, .centred = true});
  canvas.text(130, 150, "统一社会信用代码", {.size = 24, .colour = k_label});
  canvas.text(130, 186, k_credit_code, {.size = 30, .bold = true});
  draw_qr(canvas, 1300, 120, 170);
  draw_rows(canvas, 140, 340, 84, 190, 30, 560,
            {{"名　　称", k_company},
             {"类　　型", "有限责任公司（自然人独资）"},
             {"法定代表人", k_person},
             {"经营范围",
              "软件开发；信息技术咨询服务；网页设计与制作；办公用品零售。（依法须经批准的项目，"
              "经相关部门批准后方可开展经营活动）"}});
  draw_rows(canvas, 880, 340, 84, 170, 30, 440,
            {{"注册资本", "壹佰万元整"},
             {"成立日期", "2020年01月06日"},
             {"营业期限", "2020年01月06日至长期"},
             {"住　　所", k_address}});
  canvas.text(1080, 870, "登记机关", {.size = 30, .colour = k_label});
  canvas.text(1080, 930, "2020 年 01 月 06 日", {.size = 30});
  return finish(canvas);
}

std::string draw_id_card_front() {
  Canvas canvas(1012, 638, {0.93, 0.96, 0.97});
  canvas.box(14, 14, 984, 610, {0.60, 0.72, 0.78}, 3);
  draw_rows(canvas, 70, 80, 84, 100, 32, 480,
            {{"姓名", k_person},
             {"性别", "男　　　　民族　汉"},
             {"出生", "1990 年 1 月 1 日"},
             {"住址", k_address}});
  canvas.text(70, 500, "公民身份号码", {.size = 30, .colour = k_label});
  canvas.text(300, 496, k_id_number, {.size = 36, .bold = true});
  canvas.box(690, 90, 250, 340, {0.86, 0.90, 0.92});
  cairo_save(canvas.cairo());
  cairo_rectangle(canvas.cairo(), 690, 90, 250, 340);
  cairo_clip(canvas.cairo());
  draw_person(canvas, 815, 285, 230, {0.25, 0.27, 0.32});
  cairo_restore(canvas.cairo());
  return finish(canvas);
}

std::string draw_id_card_back() {
  Canvas canvas(1012, 638, {0.95, 0.94, 0.95});
  canvas.box(14, 14, 984, 610, {0.75, 0.66, 0.72}, 3);
  canvas.text(506, 120, "居民身份证（样张）", {.size = 60, .bold = true, .centred = true});
  canvas.text(506, 220, "此处不绘国徽", {.size = 26, .colour = {0.5, 0.5, 0.5}, .centred = true});
  draw_rows(canvas, 220, 400, 76, 190, 32, 560,
            {{"签发机关", "示例市公安局样张分局"}, {"有效期限", "2020.01.01-2040.01.01"}});
  return finish(canvas);
}

std::string draw_domain_certificate() {
  Canvas canvas(1400, 1000, {1, 1, 1});
  canvas.box(40, 40, 1320, 920, {0.25, 0.45, 0.70}, 8);
  canvas.text(700, 110, "域 名 证 书", {.size = 76, .bold = true, .centred = true});
  canvas.text(700, 215, "Domain Name Registration Certificate", {.size = 28, .centred = true});
  draw_rows(canvas, 200, 330, 78, 280, 32, 760,
            {{"域名", k_domain},
             {"域名所有者", k_company},
             {"证件类型", "营业执照"},
             {"证件号码", k_credit_code},
             {"注册日期", "2024年03月01日"},
             {"到期日期", "2034年03月01日"},
             {"域名注册服务机构", "示例域名服务有限公司"}});
  return finish(canvas);
}

// The backdrop fills the picture, its lettering reads above the head, the person stands in the
// middle with both shoulders in view.
std::string draw_verification_photo(Colour top) {
  Canvas canvas(1200, 900, {0.60, 0.75, 0.90});
  for (int fold = 0; fold < 12; ++fold) {
    canvas.box(fold * 100.0, 0, 46, 900, {0.57, 0.73, 0.88});
  }
  canvas.text(600, 50, "网站备案 现场核验",
              {.size = 76, .colour = {1, 1, 1}, .bold = true, .centred = true});
  canvas.text(600, 165, "接入服务商：示例云服务有限公司（样张幕布）",
              {.size = 34, .colour = {1, 1, 1}, .centred = true});
  draw_person(canvas, 600, 560, 480, top);
  canvas.text(910, 770, "2026-01-15 10:30", {.size = 30, .colour = {1, 0.85, 0.3}});
  return finish(canvas);
}

}  // namespace

std::vector<Sample> draw_samples() {
  return {{"business_licence", "organiser_certificate", draw_business_licence()},
          {"id_card_front", "principal_certificate_front", draw_id_card_front()},
          {"id_card_back", "principal_certificate_back", draw_id_card_back()},
          {"domain_certificate", "domain_certificate", draw_domain_certificate()},
          {"verification_photo", "verification_photo", draw_verification_photo(k_grey_top)},
          {"verification_photo_red", "verification_photo", draw_verification_photo(k_red_top)}};
}

}  // namespace beian::documents
