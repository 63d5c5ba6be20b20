#include "engine/deploy/marks.hpp"

#include <algorithm>
#include <utility>

namespace strata {

namespace {

Value entries_marked_as(const ValueMap& applied, const ValueMap& live) {
    ValueMap out;
    for (const auto& [key, value] : live) {
        const auto* ours = applied.find(key);
        out.set(key, ours != nullptr ? marked_as(*ours, value) : Value::secret(value));
    }
    return out;
}

/// An item that is still ours keeps its marks, wherever it stands now. Of another nobody knows what it took the place of: it has the
/// marks of all.
Value item_marked_as(const ValueList& applied, const Value& live) {
    const auto same = std::ranges::find_if(applied, [&](const Value& item) { return item.without_marks() == live; });
    if (same != applied.end()) return *same;
    auto out = live;
    for (const auto& item : applied) out = marked_as(item, out);
    return out;
}

}  // namespace

Value marked_as(const Value& applied, const Value& live) {
    if (live.is_secret() || live.is_null() || !applied.has_secret()) return live;
    const auto* our_map = applied.map();
    const auto* their_map = live.map();
    if (our_map != nullptr && their_map != nullptr) return entries_marked_as(*our_map, *their_map);
    const auto* our_list = applied.list();
    const auto* their_list = live.list();
    if (our_list == nullptr || their_list == nullptr) return Value::secret(live);
    ValueList out;
    for (const auto& item : *their_list) out.push_back(item_marked_as(*our_list, item));
    return out;
}

}  // namespace strata
