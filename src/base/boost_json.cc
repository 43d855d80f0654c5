// The one place where Boost.JSON is compiled; everywhere else only its declarations are read.
#include <boost/json/src.hpp>
