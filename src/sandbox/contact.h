// The bureau's own look at phone numbers, mail addresses, domain names and dates.
#pragma once

#include <string>
#include <string_view>

namespace beian::sandbox {

// Each may hold several, joined by ';'.
bool is_mobile_list(const std::string& text);
bool is_phone(const std::string& text);
bool is_email_list(const std::string& text);

bool is_domain(const std::string& name);
bool is_home_url(const std::string& url);
bool is_date(std::string_view text);  // YYYY-MM-DD, a day that exists
// Only characters of `allowed`, at least one.
bool consists_of(std::string_view text, std::string_view allowed);

}  // namespace beian::sandbox
