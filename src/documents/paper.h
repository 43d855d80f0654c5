// The kinds of paper that are read and judged.
#pragma once

#include <optional>
#include <string_view>

namespace beian::documents {

// What the picture is supposed to show.
enum class Paper {
  other,        // only sharpness, light and the like are looked at
  photo,        // a person before the backdrop
  licence,      // business licence and its kin: two columns and a code
  id_front,     // the side with the photograph
  id_back,      // validity and authority
  certificate,  // any page of "label: value" lines
  sheet,        // a paper of ours, signed: its code says which (documents/sheet.h)
};
std::optional<Paper> paper_from_string(std::string_view name);
std::string_view to_string(Paper paper);

}  // namespace beian::documents
