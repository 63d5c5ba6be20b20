#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace strata {

/// Every way in which a text may be written down by whoever repeats it: as it is; escaped for JSON, XML and addresses, as encoders differ,
/// and once more on top of that (JSON in JSON, a document in a form); hexadecimal; and in base64, at each place in what was encoded.
/// Each once, in no order. Of a long text only the plainer ones: what gives it away in part is looked for by `fragments`.
std::vector<std::string> spellings(const std::string& text);

/// The forms of a text whose parts give it away: as it is, in base64, in hexadecimal. What escaping changes is not in them: it leaves
/// letters and digits alone.
std::vector<std::string> fragments(const std::string& text);

}  // namespace strata
