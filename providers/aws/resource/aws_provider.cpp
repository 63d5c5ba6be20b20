#include "providers/aws/resource/aws_provider.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "engine/model/operation_token.hpp"
#include "providers/aws/endpoint/partition.hpp"
#include "providers/aws/resource/check.hpp"
#include "providers/aws/resource/context.hpp"
#include "providers/aws/resource/lookup.hpp"
#include "providers/aws/resource/naming.hpp"
#include "providers/aws/resource/reader.hpp"
#include "providers/aws/resource/service_defaults.hpp"
#include "providers/aws/resource/step_runner.hpp"

namespace strata::aws {

Result<ProviderIdentity> AwsProvider::configure() {
    const auto found = client_->identity();
    if (!found) return found.error();
    ProviderIdentity identity{.account = found->account, .region = found->region, .partition = found->partition, .principal = found->arn};
    const std::lock_guard lock{mutex_};
    identity_ = identity;
    return identity;
}

void AwsProvider::assume(const ProviderIdentity& who) {
    const std::lock_guard lock{mutex_};
    identity_ = who;
    if (who.partition.empty()) identity_->partition = partition_of(who.region).name;
}

ProviderIdentity AwsProvider::known_identity() const {
    const std::lock_guard lock{mutex_};
    return identity_ ? *identity_ : ProviderIdentity{.account = {}, .region = client_->options().region, .partition = {}, .principal = {}};
}

ProviderIdentity AwsProvider::identity() {
    auto known = known_identity();
    if (!known.account.empty()) return known;
    auto found = configure();
    return found ? *std::move(found) : known;
}

void AwsProvider::note_secrets(const Step& step) const {
    for (const auto* values : {&step.desired, &step.previous, &step.properties, &step.applied, &step.outputs})
        client_->secrets().add_marked(*values);
}

void AwsProvider::check(const ResourceType& type, const ValueMap& properties, const Report& report) const {
    client_->secrets().add_marked(properties);
    check_properties(type, properties, report);
}

std::string AwsProvider::generate_name(const ResourceType& type, const ValueMap& properties, std::string_view wanted,
                                       std::string_view suffix) const {
    return make_name(detail_of(type).name, type, properties, wanted, suffix);
}

std::string AwsProvider::planned_id(const ResourceType& type, const ValueMap& properties) const {
    return id_before(type, properties, known_identity());
}

ValueMap AwsProvider::planned_outputs(const ResourceType& type, const ValueMap& properties) const {
    return outputs_before(type, properties, known_identity());
}

std::vector<Value> AwsProvider::service_defaults(const ResourceType& type, std::string_view property, const Live& live,
                                                 const ValueMap& applied) const {
    return defaults_of_service(type, property, live, applied, known_identity());
}

namespace {

constexpr Milliseconds look_again_after{1'000};
constexpr Milliseconds longest_delay = std::chrono::minutes{15};  // that retries may put between a token and its call
constexpr Milliseconds least_patience{10'000};

std::vector<ReadResult> results_of(Client& client, const ProviderIdentity& who, std::span<const ReadItem> items, ReadDepth depth) {
    std::vector<ReadResult> results;
    for (auto& seen : Reader{client, who}.read(items, depth)) results.push_back(std::move(seen.result));
    return results;
}

}  // namespace

std::vector<ReadResult> AwsProvider::read(std::span<const ReadItem> items, ReadDepth depth) {
    for (const auto& item : items) {
        client_->secrets().add_marked(item.properties);
        client_->secrets().add_marked(item.outputs);
    }
    const auto who = identity();
    auto results = results_of(*client_, who, items, depth);
    if (depth == ReadDepth::batched) return results;  // an absence is looked at directly before anybody believes it
    for (std::size_t i = 0; i < items.size(); ++i)
        while (std::holds_alternative<Absent>(results[i]) && may_still_show(items[i].token)) {
            std::this_thread::sleep_for(look_again_after);
            results[i] = std::move(results_of(*client_, who, items.subspan(i, 1), depth).front());
        }
    return results;
}

/// A token is made before the call, and a call that is throttled may be carried out much later: what was asked for within that time
/// is looked for a while in any case.
bool AwsProvider::may_still_show(std::string_view token) const {
    const auto now = clock_.now();
    const auto age = age_of(token, now);
    if (!age) return false;
    const std::scoped_lock hold{mutex_};
    if (!looked_first_) looked_first_ = now;
    const bool may_be_late = *age < visible_within_ + longest_delay && now < *looked_first_ + std::min(visible_within_, least_patience);
    return *age < visible_within_ || may_be_late;
}

/// Right after a crash, what was made may not show yet; believed to be absent, it would be made twice.
Result<std::optional<std::string>> AwsProvider::find_orphan(const Step& step) {
    note_secrets(step);
    auto found = look_for_orphan(step);
    while (found.ok() && !found->has_value() && may_still_show(step.token)) {
        std::this_thread::sleep_for(look_again_after);
        found = look_for_orphan(step);
    }
    return found;
}

Result<Progress> AwsProvider::begin(const Step& step) {
    note_secrets(step);
    const auto who = identity();
    return StepRunner{*client_, clock_, who, step}.begin();
}

Result<Progress> AwsProvider::poll(const Step& step, const Value& cursor) {
    note_secrets(step);
    const auto who = identity();
    return StepRunner{*client_, clock_, who, step}.poll(cursor);
}

Result<ValueMap> AwsProvider::look_up(std::string_view kind, const ValueMap& arguments) {
    client_->secrets().add_marked(arguments);
    return answer_lookup(*client_, identity(), kind, arguments);
}

}  // namespace strata::aws
