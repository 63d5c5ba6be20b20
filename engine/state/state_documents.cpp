#include "engine/state/state_documents.hpp"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "engine/base/json.hpp"

namespace strata {

namespace {

std::string text_in(const Value& document, std::string_view key) {
    const auto* found = document.find(key);
    return found != nullptr ? std::string{found->text_or("")} : std::string{};
}

std::uint64_t number_in(const Value& document, std::string_view key) {
    const auto* found = document.find(key);
    return found != nullptr ? static_cast<std::uint64_t>(found->integer_or(0)) : 0;
}

std::string stated_text(std::string_view document, std::string_view member) { return std::string{stated_in(document, member).text_or("")}; }

std::uint64_t stated_number(std::string_view document, std::string_view member) {
    return static_cast<std::uint64_t>(stated_in(document, member).integer_or(0));
}

/// @param cause  beginning with the place
Error unreadable(std::string cause) {
    return Error{.kind = ErrorKind::state_unreadable,
                 .summary = "State cannot be read",
                 .cause = std::move(cause),
                 .remedy =
                     "Nothing was written. Restore it from a backup, or from the version history of its bucket; or go back to a state of "
                     "before:\n  strata state history"};
}

Error not_ours(std::string_view where, std::string_view what, std::string_view found, std::string_view wanted) {
    return Error{
        .kind = ErrorKind::state_unreadable,
        .summary = "State belongs to something else",
        .cause = fmt::format("{}: it is of {} \"{}\", not \"{}\".", where, what, found, wanted),
        .remedy =
            "Nothing was written. Put back the right file, or name another folder under \"state\" in the environment's configuration."};
}

/// @param missing  of the ring of keys
Error cannot_be_opened(std::string_view where, const std::optional<Error>& missing) {
    if (missing)
        return Error{
            .kind = ErrorKind::state_unreadable,
            .summary = "State cannot be opened",
            .cause = fmt::format("{}: the key that it was written with is not here, or it was changed.\n{}", where, missing->cause),
            .remedy = "Nothing was written. " + missing->remedy};
    return Error{.kind = ErrorKind::state_unreadable,
                 .summary = "State cannot be opened",
                 .cause = fmt::format("{}: the key is not the one it was written with, or it was changed.", where),
                 .remedy =
                     "Nothing was written. Check the key that \"encryption\" in the environment's configuration names "
                     "(STRATA_PASSPHRASE, a key file or a KMS key); if it is right, restore the file from a backup."};
}

/// Why no key opens it, as far as a look at it tells that keeps nothing of it: it may be anybody's.
Error not_authentic(std::string_view text, std::string_view where, const std::optional<Error>& missing) {
    constexpr auto looked_at = std::size_t{16} << 20;  // bytes; more would take longer than the answer is worth
    if (text.size() <= looked_at)
        if (const auto checked = check_json(text, where); !checked) return unreadable(checked.error().cause);
    return cannot_be_opened(where, missing);
}

/// Secrets are bound to the document that they stand in.
std::string context_of(const DocumentPlace& place) { return "secret\n" + place.text(); }

}  // namespace

Error unreadable_state(std::string_view where, std::string_view cause) { return unreadable(fmt::format("{}: {}", where, cause)); }

std::string lineage_of(std::string_view document) { return stated_text(document, "lineage"); }

DocumentPlace StateDocuments::place(std::string_view kind, const std::string& lineage, std::uint64_t serial) const {
    return {.kind = kind, .stack = stack_, .environment = environment_, .lineage = lineage, .serial = serial};
}

const SealKey* StateDocuments::key_of(const DocumentPlace& place, std::string_view text) const {
    if (is_authentic(keys_.current, place, text)) return &keys_.current;
    for (const auto& key : keys_.others)
        if (is_authentic(key, place, text)) return &key;
    return nullptr;
}

// --- snapshots ---

std::string StateDocuments::snapshot(const State& state) const {
    const auto at = place("snapshot", state.lineage, state.serial);
    return authenticated_json(keys_.current, at, StateCodec{keys_.current, context_of(at)}.encode(state), JsonStyle::indented);
}

Result<State> StateDocuments::read_snapshot(std::string_view text, std::string_view where) const {
    const auto format = stated_number(text, "format");
    if (format > state_format) return unreadable_state(where, fmt::format("it has format {}: a newer version of Strata wrote it.", format));
    const auto stack = stated_text(text, "stack");
    const auto environment = stated_text(text, "environment");
    if (!stack.empty() && stack != stack_) return not_ours(where, "stack", stack, stack_);
    if (!environment.empty() && environment != environment_) return not_ours(where, "environment", environment, environment_);

    const auto at = place("snapshot", lineage_of(text), stated_number(text, "serial"));
    const auto* key = key_of(at, text);
    if (key == nullptr) return not_authentic(text, where, keys_.missing);
    const auto document = parse_json(text, where);
    if (!document) return unreadable(document.error().cause);
    auto decoded = StateCodec{*key, context_of(at)}.decode_state(*document);
    if (!decoded) return unreadable_state(where, decoded.error().cause);
    return decoded;
}

// --- segments ---

std::string StateDocuments::segment(const Journaled& segment, const std::string& lineage) const {
    const auto at = place("segment", lineage, segment.serial);
    const StateCodec codec{keys_.current, context_of(at)};
    ValueList encoded;
    for (const auto& mutation : segment.records) encoded.push_back(encode(codec, mutation));
    return authenticated_json(keys_.current, at,
                              {{"format", state_format},
                               {"lineage", lineage},
                               {"run", segment.run},
                               {"at", segment.at.time_since_epoch().count()},
                               {"records", std::move(encoded)}},
                              JsonStyle::compact);
}

Result<Journaled> StateDocuments::read_segment(const StateStore::Segment& segment, const std::string& lineage,
                                               std::string_view where) const {
    const auto at = place("segment", lineage, segment.serial);
    const auto* key = key_of(at, segment.content);
    if (key == nullptr) return not_authentic(segment.content, where, keys_.missing);
    const auto document = parse_json(segment.content, where);
    if (!document) return unreadable(document.error().cause);
    const auto* records = document->find("records");
    if (number_in(*document, "format") != state_format || records == nullptr || records->list() == nullptr)
        return unreadable_state(where, "it is not what this version of Strata writes.");
    Journaled read{.serial = segment.serial,
                   .at = WallTime{Milliseconds{static_cast<std::int64_t>(number_in(*document, "at"))}},
                   .run = text_in(*document, "run"),
                   .records = {}};
    const StateCodec codec{*key, context_of(at)};
    for (const auto& record : *records->list()) {
        auto mutation = decode_mutation(codec, record);
        if (!mutation) return unreadable_state(where, mutation.error().cause);
        read.records.push_back(std::move(*mutation));
    }
    return read;
}

// --- another key ---

Result<std::string> StateDocuments::under_current_key(const StateStore::Kept& document, std::string_view where) const {
    const auto lineage = lineage_of(document.content);
    const auto at = place(document.is_segment ? "segment" : "snapshot", lineage, document.serial);
    if (is_authentic(keys_.current, at, document.content)) return document.content;
    if (document.is_segment) {
        const auto read = read_segment({.serial = document.serial, .content = document.content}, lineage, where);
        if (!read) return read.error();
        return segment(*read, lineage);
    }
    const auto state = read_snapshot(document.content, where);
    if (!state) return state.error();
    return snapshot(*state);
}

}  // namespace strata
