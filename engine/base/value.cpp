#include "engine/base/value.hpp"

#include <algorithm>

namespace strata {

namespace {

auto position(auto& entries, std::string_view key) {
    return std::lower_bound(entries.begin(), entries.end(), key,
                            [](const ValueMap::Entry& entry, std::string_view wanted) { return entry.first < wanted; });
}

}  // namespace

ValueMap::ValueMap() = default;
ValueMap::ValueMap(std::initializer_list<Entry> entries) {
    for (const auto& [key, value] : entries) set(key, value);
}
ValueMap::ValueMap(std::vector<Entry> entries) : entries_{std::move(entries)} {
    const auto not_below = [](const Entry& a, const Entry& b) { return a.first >= b.first; };
    if (std::ranges::adjacent_find(entries_, not_below) == entries_.end()) return;

    std::ranges::stable_sort(entries_, {}, &Entry::first);
    const auto same_key = [](const Entry& a, const Entry& b) { return a.first == b.first; };
    const auto first_kept = std::unique(entries_.rbegin(), entries_.rend(), same_key).base();
    entries_.erase(entries_.begin(), first_kept);
}
ValueMap::ValueMap(const ValueMap&) = default;
ValueMap::ValueMap(ValueMap&&) noexcept = default;
ValueMap& ValueMap::operator=(const ValueMap&) = default;
ValueMap& ValueMap::operator=(ValueMap&&) noexcept = default;
ValueMap::~ValueMap() = default;

const Value* ValueMap::find(std::string_view key) const {
    const auto at = position(entries_, key);
    return at != entries_.end() && at->first == key ? &at->second : nullptr;
}

Value* ValueMap::find(std::string_view key) {
    const auto at = position(entries_, key);
    return at != entries_.end() && at->first == key ? &at->second : nullptr;
}

Value& ValueMap::operator[](std::string_view key) {
    const auto at = position(entries_, key);
    if (at != entries_.end() && at->first == key) return at->second;
    return entries_.insert(at, {std::string{key}, Value{}})->second;
}

void ValueMap::set(std::string_view key, Value value) { (*this)[key] = std::move(value); }

std::optional<Value> ValueMap::take(std::string_view key) {
    const auto at = position(entries_, key);
    if (at == entries_.end() || at->first != key) return std::nullopt;
    std::optional<Value> taken{std::move(at->second)};
    entries_.erase(at);
    return taken;
}

void ValueMap::erase(std::string_view key) {
    const auto at = position(entries_, key);
    if (at != entries_.end() && at->first == key) entries_.erase(at);
}

std::size_t ValueMap::size() const { return entries_.size(); }
const ValueMap::Entry* ValueMap::begin() const { return entries_.data(); }
const ValueMap::Entry* ValueMap::end() const { return entries_.data() + entries_.size(); }
ValueMap::Entry* ValueMap::begin() { return entries_.data(); }
ValueMap::Entry* ValueMap::end() { return entries_.data() + entries_.size(); }

bool operator==(const ValueMap& a, const ValueMap& b) { return a.entries_ == b.entries_; }

Value::Sealed::Sealed(Value value) : inner{std::make_unique<Value>(std::move(value))} {}
Value::Sealed::Sealed(const Sealed& other) : inner{other.inner ? std::make_unique<Value>(*other.inner) : nullptr} {}
Value::Sealed& Value::Sealed::operator=(const Sealed& other) {
    if (this != &other) inner = other.inner ? std::make_unique<Value>(*other.inner) : nullptr;
    return *this;
}

Value::Value(const Value& other) = default;
Value& Value::operator=(const Value& other) = default;

Value Value::secret(Value inner) {
    if (inner.is_secret()) return inner;
    Value marked;
    marked.content_ = Sealed{std::move(inner)};
    return marked;
}

const Value& Value::revealed() const {
    const auto* sealed = std::get_if<Sealed>(&content_);
    return sealed ? *sealed->inner : *this;
}

Value Value::without_marks() const {
    if (is_secret()) return revealed().without_marks();
    if (const auto* items = list()) {
        ValueList copy;
        copy.reserve(items->size());
        for (const auto& item : *items) copy.push_back(item.without_marks());
        return copy;
    }
    if (const auto* members = map()) {
        std::vector<ValueMap::Entry> copy;
        copy.reserve(members->size());
        for (const auto& [key, value] : *members) copy.emplace_back(key, value.without_marks());
        return ValueMap{std::move(copy)};
    }
    return *this;
}

const Value* Value::find(std::string_view key) const {
    const auto* members = map();
    return members ? members->find(key) : nullptr;
}

std::string_view Value::text_or(std::string_view otherwise) const {
    const auto* text = string();
    return text ? std::string_view{*text} : otherwise;
}

std::int64_t Value::integer_or(std::int64_t otherwise) const {
    const auto* number = integer();
    return number ? *number : otherwise;
}

bool Value::boolean_or(bool otherwise) const {
    const auto* flag = boolean();
    return flag ? *flag : otherwise;
}

bool Value::any_inside(bool (*test)(const Value&)) const {
    if (test(*this)) return true;
    if (is_secret()) return revealed().any_inside(test);
    if (const auto* items = list()) return std::ranges::any_of(*items, [&](const Value& item) { return item.any_inside(test); });
    if (const auto* members = map()) return std::ranges::any_of(*members, [&](const auto& entry) { return entry.second.any_inside(test); });
    return false;
}

bool Value::has_unknown() const {
    return any_inside([](const Value& value) { return value.is(Kind::unknown); });
}

bool Value::has_reference() const {
    return any_inside([](const Value& value) { return value.is(Kind::reference); });
}

bool Value::has_secret() const {
    return any_inside([](const Value& value) { return value.is_secret(); });
}

bool operator==(const Value& a, const Value& b) {
    if (a.kind() != b.kind()) {
        if (a.integer() && b.real()) return static_cast<double>(*a.integer()) == *b.real();
        if (a.real() && b.integer()) return *a.real() == static_cast<double>(*b.integer());
        return false;
    }
    if (a.is_secret()) return a.revealed() == b.revealed();
    switch (a.kind()) {
        case Value::Kind::null: return true;
        case Value::Kind::boolean: return *a.boolean() == *b.boolean();
        case Value::Kind::integer: return *a.integer() == *b.integer();
        case Value::Kind::real: return *a.real() == *b.real();
        case Value::Kind::string: return *a.string() == *b.string();
        case Value::Kind::bytes: return *a.bytes() == *b.bytes();
        case Value::Kind::list: return *a.list() == *b.list();
        case Value::Kind::map: return *a.map() == *b.map();
        case Value::Kind::asset: return *a.asset() == *b.asset();
        case Value::Kind::reference: return *a.reference() == *b.reference();
        case Value::Kind::unknown: return *a.unknown() == *b.unknown();
        case Value::Kind::secret: return a.revealed() == b.revealed();
    }
    return false;
}

std::string_view name_of(Value::Kind kind) {
    switch (kind) {
        case Value::Kind::null: return "null";
        case Value::Kind::boolean: return "true or false";
        case Value::Kind::integer: return "integer";
        case Value::Kind::real: return "number";
        case Value::Kind::string: return "text";
        case Value::Kind::bytes: return "bytes";
        case Value::Kind::list: return "list";
        case Value::Kind::map: return "map";
        case Value::Kind::asset: return "asset";
        case Value::Kind::reference: return "output";
        case Value::Kind::unknown: return "unknown";
        case Value::Kind::secret: return "secret";
    }
    return "value";
}

}  // namespace strata
