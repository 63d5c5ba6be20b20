#include <fmt/format.h>

#include "engine/base/json.hpp"
#include "engine/state/session.hpp"

namespace strata {

namespace {

std::string text_in(const Result<Value>& document, std::string_view key) {
    const auto* found = document.ok() ? document->find(key) : nullptr;
    return found != nullptr ? std::string{found->text_or("")} : std::string{};
}

}  // namespace

Result<StateSession::Resealed> StateSession::reseal(const KeyRing& keys) {
    const std::scoped_lock hold{mutex_};
    keys_ = keys;
    Resealed done;
    if (!exists()) return done;
    if (auto folded = fold(); !folded) return std::move(folded).error();
    ++done.documents;
    const auto kept = store_.kept_documents();
    if (!kept) return kept.error();
    for (const auto& document : *kept) {
        const auto sealed = document.is_segment ? segment_under_current_key(document) : snapshot_under_current_key(document);
        if (!sealed && keys_.missing) return sealed.error();
        if (!sealed) {
            done.left.push_back(store_.objects().location(document.name));
            continue;
        }
        ++done.documents;
        if (*sealed == document.content) continue;
        if (auto held = lease_->confirm(); !held) return std::move(held).error();
        if (auto written = store_.rewrite(document, *sealed); !written) return std::move(written).error();
    }
    return done;
}

Result<std::string> StateSession::snapshot_under_current_key(const StateStore::Kept& document) const {
    const auto where = store_.objects().location(document.name);
    const auto lineage = text_in(parse_json(document.content, where), "lineage");
    if (is_authentic(keys_.current, place("snapshot", lineage, document.serial), document.content)) return document.content;
    const auto state = read_document(document.content, where);
    if (!state) return state.error();
    return document_of(*state);
}

Result<std::string> StateSession::segment_under_current_key(const StateStore::Kept& document) const {
    const auto parsed = parse_json(document.content, document.name);
    const auto lineage = text_in(parsed, "lineage");
    if (is_authentic(keys_.current, place("segment", lineage, document.serial), document.content)) return document.content;
    const auto segment = read_segment({.serial = document.serial, .content = document.content}, lineage);
    if (!segment) return segment.error();
    return segment_document(*segment, lineage);
}

}  // namespace strata
