#include <fmt/format.h>

#include "config/environment.hpp"
#include "config/reader.hpp"
#include "stacks/settings.hpp"
#include "tests/config/fake_files.hpp"
#include "tests/fuzz/target.hpp"

namespace strata::fuzz {

namespace {

constexpr std::size_t most_mistakes = 101;

void require_few_and_readable(const Diagnostics& found) {
    require(found.errors().size() <= most_mistakes, "the mistakes that are shown have an end");
    for (const auto& error : found.errors()) require_readable(error);
}

}  // namespace

/// A whole environment file: its header, and our own program's settings below it.
void config(std::string_view input) {
    FakeFiles files{{{"config/dev.yaml", std::string{input}}}};
    Diagnostics found;
    const auto loaded = load_environment(files, "config", "dev", found);
    require(loaded.has_value() || !found.ok(), "a file that is not read has a mistake");
    if (loaded) {
        ConfigReader reader{loaded->settings, "settings", found};
        stacks::load_settings(reader);
    }
    require_few_and_readable(found);
}

}  // namespace strata::fuzz
