#include "filing/division.h"

#include "filing/data.h"
#include "filing/problem.h"

namespace beian {
namespace {

constexpr std::string_view k_where = "divisions";

bool is_filler(std::string_view name) {
  return name == "市辖区" || name == "县" || name.find("直辖县级") != std::string_view::npos;
}

}  // namespace

Divisions Divisions::from_json(const json::value& value) {
  Divisions divisions;
  auto& places = divisions.places_;
  const json::object& tree =
      data::object(data::member(data::object(value, k_where), "tree", k_where), k_where);
  for (const auto& [province, node] : tree) {
    const json::array& pair = data::array(node, k_where);
    if (pair.size() != 2) data::fault(k_where, province);
    const json::object& cities = data::object(pair[1], k_where);
    places[province] = {data::text(pair[0], k_where), "", !cities.empty()};
    for (const auto& [city, city_node] : cities) {
      const json::array& city_pair = data::array(city_node, k_where);
      if (city_pair.size() != 2) data::fault(k_where, city);
      const json::object& counties = data::object(city_pair[1], k_where);
      places[city] = {data::text(city_pair[0], k_where), province, !counties.empty()};
      for (const auto& [county, name] : counties) {
        places[county] = {data::text(name, k_where), city, false};
      }
    }
  }
  return divisions;
}

const std::string* Divisions::name(std::string_view code) const {
  const auto found = places_.find(code);
  return found == places_.end() ? nullptr : &found->second.name;
}

std::string Divisions::full_name(std::string_view province, std::string_view city,
                                 std::string_view county) const {
  std::string full;
  for (std::string_view code : {province, city, county}) {
    const std::string* part = name(code);
    if (part && !is_filler(*part)) full += *part;
  }
  return full;
}

bool Divisions::is_province(std::string_view code) const {
  const auto found = places_.find(code);
  return found != places_.end() && found->second.parent.empty();
}

bool Divisions::has_province_digits(std::string_view two_digits) const {
  return is_province(std::string(two_digits) + "0000");
}

bool Divisions::is_child(std::string_view parent, std::string_view child) const {
  const auto found = places_.find(child);
  return found != places_.end() && !parent.empty() && found->second.parent == parent;
}

bool Divisions::has_children(std::string_view code) const {
  const auto found = places_.find(code);
  return found != places_.end() && found->second.has_children;
}

std::vector<Problem> check_division(const Divisions& divisions, const std::string& base,
                                    std::string_view province, std::string_view city,
                                    std::string_view county) {
  std::vector<Problem> problems;
  const auto add = [&](const char* field, const char* code) {
    problems.push_back(problem_at(base + field, code));
  };
  if (!province.empty() && !divisions.is_province(province)) {
    add(".province", "division_unknown");
    return problems;
  }
  if (!city.empty() && !divisions.is_child(province, city)) {
    add(".city", divisions.name(city) ? "division_mismatch" : "division_unknown");
    return problems;
  }
  if (!county.empty() && !divisions.is_child(city, county)) {
    add(".county", divisions.name(county) ? "division_mismatch" : "division_unknown");
  }
  return problems;
}

}  // namespace beian
