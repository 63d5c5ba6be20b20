#include "stacks/tags.hpp"

namespace stacks {

void tag_everything(strata::Stack& stack, const Settings& settings) {
    for (auto& provider : stack.graph().providers())
        for (const auto& [key, value] : settings.tags) provider.default_tags[key] = value;
}

}  // namespace stacks
