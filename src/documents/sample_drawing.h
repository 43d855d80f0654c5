// What the sample sets are drawn with. Private to src/documents.
#pragma once

#include <opencv2/core.hpp>
#include <random>
#include <string>

#include "documents/canvas.h"

namespace beian::documents {

// One picture's dice.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : engine_(seed) {}
  double between(double least, double most);
  int below(int count);
  bool chance(double part) { return between(0, 1) < part; }
  std::mt19937_64& engine() { return engine_; }

 private:
  std::mt19937_64 engine_;
};

struct Identity {
  std::string person, id_number, sex, birth;  // birth YYYY-MM-DD
  std::string company, credit_code, address;
};
Identity invent(Dice& dice);

// With what is rare and hard: a long name with dots, a company in two lines, an address in three.
Identity invent_long(Dice& dice);

Image draw_id_card(const Identity& who);
struct Validity {
  std::string from, until;  // YYYY-MM-DD; until may be "long"
};
Validity invent_validity(Dice& dice);
Image draw_id_back(const Validity& validity);
Image draw_licence(const Identity& who, bool with_code);
Image draw_standing_licence(const Identity& who, bool with_code);

struct Scene {
  Colour backdrop{0.62, 0.76, 0.90}, letters{1, 1, 1}, top{0.35, 0.36, 0.38};
  bool plain_wall = false;  // no backdrop: shelves and frames
  bool lettering = true, mirrored = false;
  int people = 1;
  double head = 0.14;     // half width of the head as part of the picture's height
  double off_centre = 0;  // of the width
};
Scene good_scene(Dice& dice);
Image draw_scene(const Scene& scene, Dice& dice);

// What a camera, a hand and a compressor do to a flat picture.
struct Wear {
  double lean = 0;         // degrees
  double perspective = 0;  // of the side, each corner
  double blur = 0;         // px, at 1000
  double noise = 0;        // levels
  double shade = 0;        // how much darker one side is, 0 to 1
  double light = 1;        // brightness factor
  int glare = 0;           // spots
  bool screen = false;
  int quality = 85;
  double on_ground = 0;             // 0: fills the picture; else share of the width it takes
  double shift_x = 0, shift_y = 0;  // of the picture; beyond the rim it is cut
  enum class Table { plain, dark, planks, cloth } table = Table::plain;
  bool shadow = false;  // of a hand or a phone, over a corner
  bool finger = false;  // holding an edge
};
Wear light_wear(Dice& dice);
std::string wear(const Image& image, const Wear& how, Dice& dice);

}  // namespace beian::documents
