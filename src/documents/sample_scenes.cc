#include <cmath>

#include "documents/sample_drawing.h"

namespace beian::documents {
namespace {

constexpr int k_width = 1280, k_height = 960;

Colour darker(Colour c, double by) { return {c.red * by, c.green * by, c.blue * by}; }

// An oval lit from its middle.
void oval(cairo_t* cairo, double x, double y, double half_width, double half_height, Colour bright,
          Colour dark) {
  cairo_save(cairo);
  cairo_translate(cairo, x, y);
  cairo_scale(cairo, half_width, half_height);
  cairo_pattern_t* light = cairo_pattern_create_radial(-0.1, -0.1, 0.1, 0, 0, 1);
  cairo_pattern_add_color_stop_rgb(light, 0, bright.red, bright.green, bright.blue);
  cairo_pattern_add_color_stop_rgb(light, 0.75, bright.red * 0.96, bright.green * 0.95,
                                   bright.blue * 0.94);
  cairo_pattern_add_color_stop_rgb(light, 1, dark.red, dark.green, dark.blue);
  cairo_set_source(cairo, light);
  cairo_arc(cairo, 0, 0, 1, 0, 6.2832);
  cairo_fill(cairo);
  cairo_pattern_destroy(light);
  cairo_restore(cairo);
}

// Nobody: the proportions that a frontal-face cascade looks for (dark eyes and brows, bright nose
// and cheeks, a dark mouth), in colours of skin. Faces of people vary far more.
void draw_person(Canvas& canvas, double x, double y, double head, Colour top, Dice& dice) {
  cairo_t* c = canvas.cairo();
  const double tone = dice.between(0.78, 1.0);
  const Colour skin{0.95 * tone, 0.80 * tone, 0.69 * tone};
  const Colour shadow = darker(skin, 0.72);
  const Colour hair = darker({0.20, 0.16, 0.14}, dice.between(0.5, 1.2));
  const Colour eye{0.10, 0.08, 0.07};
  oval(c, x, y + head * 2.75, head * 2.35, head * 1.55, top, darker(top, 0.8));
  canvas.box(x - head * 2.35, y + head * 2.75, head * 4.7, head * 6, top);
  canvas.box(x - head * 0.42, y + head * 0.8, head * 0.84, head * 0.7, shadow);
  oval(c, x, y + head * 1.45, head * 0.5, head * 0.25, skin, shadow);
  canvas.ellipse(x, y - head * 0.28, head * 1.08, head * 1.28, hair);
  oval(c, x, y, head * 0.92, head * 1.2, skin, shadow);
  // Hair over the forehead.
  cairo_save(c);
  cairo_rectangle(c, x - head * 1.1, y - head * 1.7, head * 2.2, head * 1.05);
  cairo_clip(c);
  canvas.ellipse(x, y - head * 0.42, head * 0.98, head * 1.05, hair);
  cairo_restore(c);
  const double eye_y = y - head * 0.1 + head * dice.between(-0.02, 0.02);
  for (double side : {-1.0, 1.0}) {
    const double ex = x + side * head * 0.39;
    oval(c, ex, eye_y, head * 0.25, head * 0.17, darker(skin, 0.78), darker(skin, 0.88));
    canvas.ellipse(ex, eye_y, head * 0.19, head * 0.085, {0.93, 0.92, 0.90});
    canvas.ellipse(ex, eye_y, head * 0.095, head * 0.09, eye);
    canvas.line(ex - head * 0.23, eye_y - head * 0.19, ex + head * 0.23, eye_y - head * 0.22, hair,
                head * 0.09);
    oval(c, ex, eye_y + head * 0.38, head * 0.24, head * 0.2, skin, skin);
  }
  oval(c, x, y + head * 0.12, head * 0.13, head * 0.34, {1.0 * tone, 0.88 * tone, 0.78 * tone},
       skin);
  canvas.line(x - head * 0.13, y + head * 0.40, x + head * 0.13, y + head * 0.40, shadow,
              head * 0.07);
  canvas.ellipse(x, y + head * 0.68, head * 0.32, head * 0.085,
                 {0.66 * tone, 0.33 * tone, 0.31 * tone});
  canvas.line(x - head * 0.3, y + head * 0.68, x + head * 0.3, y + head * 0.68, {0.4, 0.18, 0.17},
              head * 0.035);
}

// A room: a wall, shelves, frames.
void draw_room(Canvas& canvas, Dice& dice) {
  for (int i = 0; i < 70; ++i) {
    const Colour colour{dice.between(0.15, 0.95), dice.between(0.15, 0.9),
                        dice.between(0.15, 0.85)};
    canvas.box(dice.between(-80, k_width), dice.between(-60, k_height * 0.75),
               dice.between(60, 300), dice.between(60, 320), colour);
  }
}

void draw_backdrop(Canvas& canvas, const Scene& scene, Dice& dice) {
  const double fold = dice.between(90, 160);
  for (double x = 0; x < k_width; x += fold)
    canvas.box(x, 0, fold * 0.45, k_height, darker(scene.backdrop, 0.97));
  if (!scene.lettering) return;
  cairo_t* c = canvas.cairo();
  cairo_save(c);
  if (scene.mirrored) {
    cairo_translate(c, k_width, 0);
    cairo_scale(c, -1, 1);
  }
  canvas.text(k_width / 2.0, 36, "网站备案现场核验",
              {.size = 84, .colour = scene.letters, .bold = true, .centred = true});
  canvas.text(k_width / 2.0, 160, "接入服务商 示例云服务有限公司",
              {.size = 46, .colour = scene.letters, .centred = true});
  cairo_restore(c);
}

}  // namespace

Scene good_scene(Dice& dice) {
  constexpr Colour k_backdrops[] = {{0.62, 0.76, 0.90},
                                    {0.30, 0.52, 0.80},
                                    {0.93, 0.93, 0.92},
                                    {0.80, 0.85, 0.80},
                                    {0.75, 0.74, 0.72}};
  constexpr Colour k_tops[] = {{0.35, 0.36, 0.38}, {0.12, 0.12, 0.13}, {0.92, 0.91, 0.89},
                               {0.30, 0.48, 0.28}, {0.72, 0.62, 0.35}, {0.50, 0.42, 0.36}};
  Scene scene;
  scene.backdrop = k_backdrops[dice.below(5)];
  scene.letters = scene.backdrop.red < 0.7 ? Colour{1, 1, 1} : Colour{0.12, 0.2, 0.45};
  scene.top = k_tops[dice.below(6)];
  scene.head = dice.between(0.115, 0.165);
  scene.off_centre = dice.between(-0.07, 0.07);
  return scene;
}

Image draw_scene(const Scene& scene, Dice& dice) {
  Canvas canvas(k_width, k_height, scene.plain_wall ? Colour{0.7, 0.68, 0.64} : scene.backdrop);
  if (scene.plain_wall) {
    draw_room(canvas, dice);
  } else {
    draw_backdrop(canvas, scene, dice);
  }
  const double head = scene.head * k_height;
  const double y = std::max(270 + 1.5 * head, k_height * 0.52);
  if (scene.people == 1)
    draw_person(canvas, k_width * (0.5 + scene.off_centre), y, head, scene.top, dice);
  for (int i = 0; scene.people > 1 && i < scene.people; ++i)
    draw_person(canvas, k_width * (i + 0.7) / (scene.people + 0.4), y, head * dice.between(0.85, 1),
                scene.top, dice);
  canvas.text(k_width - 150, k_height - 44, "样张",
              {.size = 34, .colour = {0.85, 0.25, 0.25}, .bold = true});
  return canvas.image();
}

}  // namespace beian::documents
