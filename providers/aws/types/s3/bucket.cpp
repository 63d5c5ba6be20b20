#include <algorithm>
#include <string>

#include "providers/aws/resource/hooks.hpp"

namespace strata::aws::hooks::s3 {

namespace {

/// Keys and versions of one page as DeleteObjects wants them.
ValueList objects_of(const Value& page) {
    ValueList out;
    for (const auto* kind : {"Versions", "DeleteMarkers"}) {
        const auto* entries = page.find(kind);
        if (entries == nullptr || entries->list() == nullptr) continue;
        for (const auto& entry : *entries->list()) {
            ValueMap object;
            if (const auto* key = entry.find("Key")) object.set("Key", *key);
            if (const auto* version = entry.find("VersionId")) object.set("VersionId", *version);
            out.emplace_back(std::move(object));
        }
    }
    return out;
}

}  // namespace

// us-east-1 is the one region that CreateBucket does not take by name.
Status prepare_bucket(Caller& call, std::string_view operation, const Step& /*step*/, ValueMap& params) {
    if (operation != "CreateBucket" || call.identity().region != "us-east-1") return {};
    auto* configuration = params.find("CreateBucketConfiguration");
    if (configuration == nullptr || configuration->map() == nullptr) return {};
    configuration->map()->erase("LocationConstraint");
    if (configuration->map()->empty()) params.erase("CreateBucketConfiguration");
    return {};
}

/// Takes out every version of every object, when the program said `force_destroy`.
Status empty_bucket(Caller& call, const Step& step) {
    const auto* force = step.properties.find("ForceDestroy");
    if (force == nullptr || !force->boolean_or(false)) return {};
    // DeleteObjects takes 1,000 keys (S3 API reference); a page of ListObjectVersions holds as many.
    while (true) {
        auto page = call("s3", "ListObjectVersions", {{"Bucket", Value{step.id}}});
        if (!page) return page.error().kind == ErrorKind::not_found ? Status{} : Status{page.error()};
        auto objects = objects_of(*page);
        if (objects.empty()) return {};
        objects.resize(std::min<std::size_t>(objects.size(), 1000));
        const auto deleted =
            call("s3", "DeleteObjects",
                 {{"Bucket", Value{step.id}}, {"Delete", Value::map({{"Objects", Value{std::move(objects)}}, {"Quiet", Value{true}}})}});
        if (!deleted) return deleted.error();
        const auto* errors = deleted->find("Errors");
        if (errors != nullptr && errors->list() != nullptr && !errors->list()->empty()) {
            const auto& first = errors->list()->front();
            const auto text = [&](std::string_view name) {
                return std::string{first.find(name) != nullptr ? first.find(name)->text_or("") : ""};
            };
            return Error{.kind = ErrorKind::access_denied,
                         .summary = "An object cannot be deleted",
                         .cause = step.address + ": " + text("Key") + ": " + text("Code") + ": " + text("Message"),
                         .remedy = "Lift its retention or legal hold, or keep the bucket."};
        }
    }
}

/// Names by the rules of general purpose buckets (Amazon S3 User Guide, "Bucket naming rules").
void check_bucket(const ValueMap& properties, const Provider::Report& report) {
    const auto* name = properties.find("Bucket");
    if (name == nullptr || name->string() == nullptr) return;
    const auto& text = *name->string();
    const auto fits = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.'; };
    const bool ends_well = !text.empty() && text.front() != '-' && text.front() != '.' && text.back() != '-' && text.back() != '.';
    if (text.size() < 3 || text.size() > 63 || !std::ranges::all_of(text, fits) || !ends_well || text.find("..") != std::string::npos)
        report("Bucket", "\"" + text + "\" is no bucket name.", "Use 3 to 63 of a-z, 0-9, - and ., a letter or digit at both ends.");
}

}  // namespace strata::aws::hooks::s3
