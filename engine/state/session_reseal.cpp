#include "engine/state/session.hpp"

namespace strata {

Result<StateSession::Resealed> StateSession::reseal(const KeyRing& keys) {
    const std::scoped_lock hold{mutex_};
    documents_.use(keys);
    Resealed done;
    if (!exists()) return done;
    if (auto folded = fold(); !folded) return std::move(folded).error();
    ++done.documents;
    const auto kept = store_.kept_documents();
    if (!kept) return kept.error();
    for (const auto& document : *kept) {
        const auto where = store_.objects().location(document.name);
        const auto sealed = documents_.under_current_key(document, where);
        if (!sealed && keys.missing) return sealed.error();
        if (!sealed) {
            done.left.push_back(where);
            continue;
        }
        ++done.documents;
        if (*sealed == document.content) continue;
        if (auto held = lease_->confirm(); !held) return std::move(held).error();
        if (auto written = store_.rewrite(document, *sealed); !written) return std::move(written).error();
    }
    return done;
}

}  // namespace strata
