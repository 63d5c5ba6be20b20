#include "providers/aws/client/client.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>

#include <fmt/format.h>

#include "engine/base/crypto.hpp"
#include "engine/base/files.hpp"
#include "engine/base/text.hpp"
#include "engine/wire/handover.hpp"
#include "providers/aws/auth/chain.hpp"
#include "providers/aws/auth/credentials_store.hpp"
#include "providers/aws/client/pages.hpp"
#include "providers/aws/client/sender.hpp"
#include "providers/aws/endpoint/endpoint.hpp"
#include "providers/aws/model/registry.hpp"

namespace strata::aws {

namespace {

// Members that name a call so that AWS carries it out once, where the model has no idempotency trait for them.
constexpr std::array<std::string_view, 7> token_members = {"CallerReference",  "ClientRequestToken", "ClientToken", "CreationToken",
                                                           "CreatorRequestId", "IdempotencyToken",   "clientToken"};

bool carries_token(const Call& call) {
    const auto* const input = call.operation->input;
    if (input != nullptr && std::ranges::any_of(input->members, &Member::idempotency_token)) return true;
    return std::ranges::any_of(token_members, [&](std::string_view name) { return call.params.find(name) != nullptr; });
}

class ClientImpl final : public Client {
public:
    ClientImpl(ClientOptions options, wire::Http& http, Clock& clock, Trace trace)
        : options_{std::move(options)},
          secrets_{options_.secrets != nullptr ? *options_.secrets : own_secrets_},
          http_{http},
          clock_{clock},
          credentials_{[this] { return search(); }, clock},
          sender_{options_, http, clock, std::move(trace), secrets_, credentials_, [this](const Service& service, std::string_view region) {
                      return endpoint(service, region);
                  }} {}

    void call(Call call, Done done) override {
        auto ready = make_ready(std::move(call));
        if (!ready) return done(std::move(ready).error());
        sender_.send(*std::move(ready), std::move(done));
    }

    void call_all_pages(Call call, Done done) override { follow_pages(*this, std::move(call), std::move(done)); }

    Result<wire::Request> prepare(const Call& call) override {
        auto ready = make_ready(call);
        if (!ready) return std::move(ready).error();
        const auto credentials = credentials_now(*call.operation);
        if (!credentials) return credentials.error();
        return sender_.signed_request(*ready, **credentials);
    }

    Result<std::string> presign(const Call& call, std::chrono::seconds valid) override {
        auto ready = make_ready(call);
        if (!ready) return std::move(ready).error();
        const auto credentials = credentials_now(*call.operation);
        if (!credentials) return credentials.error();
        const auto& serialized = ready->serialized;
        const auto& scope = ready->endpoint.scope;
        // Whoever uses the address sends what body and header fields he likes: only those that begin with
        // x-amz- have a meaning of their own and are signed.
        wire::Request request{
            .method = serialized.method, .url = request_url(ready->endpoint, *call.operation, serialized), .headers = {}, .body = {}};
        for (const auto& [name, value] : serialized.headers)
            if (lower(name).starts_with("x-amz-") && !lower(name).starts_with("x-amz-checksum-") &&
                lower(name) != "x-amz-sdk-checksum-algorithm")
                request.headers.add(name, value);
        // The form protocols read their parameters from the query of a GET as well; an address has no body.
        const bool form = call.service->protocol == Protocol::query || call.service->protocol == Protocol::ec2;
        if (form) {
            request.method = "GET";
            request.url += "?" + serialized.body;
        }
        const auto payload = scope.service == "s3" ? std::string{unsigned_payload} : form ? sha256_hex("") : ready->payload;
        sender_.signer().presign(request, **credentials, scope, SigningRules::for_service(scope.service), payload, sender_.now(), valid);
        return request.url;
    }

    Result<Identity> identity() override {
        const std::lock_guard lock{identity_mutex_};
        if (identity_) return *identity_;
        auto asked = ask_identity();
        if (asked) identity_ = *asked;
        return asked;
    }

    [[nodiscard]] Counters counters() const override { return sender_.counters(); }
    [[nodiscard]] const ClientOptions& options() const override { return options_; }
    KnownSecrets& secrets() override { return secrets_; }

private:
    Result<ReadyCall> make_ready(Call call) {
        if (call.service == nullptr || call.operation == nullptr)
            return Error{.kind = ErrorKind::internal,
                         .summary = "Call without operation",
                         .cause = "A call names no service or no operation.",
                         .remedy = {}};
        auto place = endpoint(*call.service, call.region.empty() ? options_.region : call.region);
        if (!place) return std::move(place).error();
        const auto token = call.token.empty() ? random_token() : call.token;
        auto written =
            serialize(*call.service, *call.operation, call.params.has_secret() ? call.params.without_marks() : call.params, token);
        if (!written) return std::move(written).error();
        auto payload = call.operation->unsigned_payload ? Result<std::string>{std::string{unsigned_payload}}
                                                        : payload_hash(written->body, written->body_file);
        if (!payload) return std::move(payload).error();

        const bool repeatable = is_read_only(*call.operation) || call.repeatable || carries_token(call);
        return ReadyCall{.call = std::move(call),
                         .serialized = *std::move(written),
                         .endpoint = *std::move(place),
                         .payload = *std::move(payload),
                         .repeatable = repeatable};
    }

    Result<Endpoint> endpoint(const Service& service, std::string_view region) {
        const std::lock_guard lock{endpoints_mutex_};
        const auto key = std::pair{&service, std::string{region}};
        if (const auto known = endpoints_.find(key); known != endpoints_.end()) return known->second;
        const auto settings = endpoint_settings(service);
        if (!settings) return settings.error();
        auto found = resolve_endpoint(service, region, *settings);
        if (found) endpoints_.emplace(key, *found);
        return found;
    }

    /// The profile is read only where the program itself does not say where the service is.
    Result<EndpointSettings> endpoint_settings(const Service& service) const {
        EndpointSettings settings{.by_service = options_.service_endpoints,
                                  .for_all = options_.endpoint,
                                  .environment = options_.environment,
                                  .use_fips = options_.use_fips,
                                  .use_dual_stack = options_.use_dual_stack};
        const bool said = !options_.endpoint.empty() ||
                          std::ranges::any_of(options_.service_endpoints, [&](const auto& one) { return one.first == service.name; });
        if (said) return settings;
        auto profiles = load_profiles(options_.environment, real_files());
        if (!profiles) return std::move(profiles).error();
        if (const auto* const profile = profiles->find(profile_name(options_.profile, options_.environment))) {
            settings.profile = *profile;
            const auto services = profile->find("services");
            const auto section = services == profile->end() ? profiles->services.end() : profiles->services.find(services->second);
            if (section != profiles->services.end())
                for (const auto& [name, value] : section->second) settings.profile.insert_or_assign(name, value);
        }
        return settings;
    }

    /// Runs on the store's thread.
    Result<Credentials> search() {
        return find_credentials({.profile = options_.profile, .assume_role = options_.assume_role, .external_id = options_.external_id},
                                {.environment = options_.environment,
                                 .files = real_files(),
                                 .http = http_,
                                 .clock = clock_,
                                 .secrets = secrets_,
                                 .sts = [this]() -> Result<StsEndpoint> {
                                     static constexpr Service sts{.name = "sts", .service_id = "STS", .endpoint_prefix = "sts"};
                                     auto found = endpoint(sts, options_.region);
                                     if (!found) return std::move(found).error();
                                     return StsEndpoint{found->url, found->scope};
                                 }});
    }

    Result<SharedCredentials> credentials_now(const Operation& operation) {
        if (operation.anonymous) return std::make_shared<const Credentials>("", "");
        wire::Handover<Result<SharedCredentials>> found;
        credentials_.get([&](Result<SharedCredentials> result) { found.give(std::move(result)); });
        return found.wait();
    }

    Result<Identity> ask_identity() {
        const auto* const sts = find_service("sts");
        const auto* const operation = sts == nullptr ? nullptr : sts->operation("GetCallerIdentity");
        if (operation == nullptr)
            return Error{.kind = ErrorKind::internal,
                         .summary = "Model of sts is missing",
                         .cause = "sts GetCallerIdentity is not compiled in.",
                         .remedy = {}};
        const auto answer = call_and_wait({.service = sts, .operation = operation, .params = ValueMap{}});
        if (!answer) return answer.error();
        const auto text = [&](std::string_view name) {
            const auto* const found = answer->find(name);
            return std::string{found == nullptr ? "" : found->text_or("")};
        };
        const auto arn = text("Arn");
        const auto parts = split(arn, ':');
        if (text("Account").empty() || parts.size() < 6)
            return Error{
                .kind = ErrorKind::protocol,
                .summary = "Identity not understood",
                .cause = fmt::format("sts GetCallerIdentity answered the account \"{}\" and the ARN \"{}\".", text("Account"), arn),
                .remedy = "Check the endpoint of sts."};
        return Identity{.account = text("Account"), .arn = arn, .partition = parts[1], .region = options_.region};
    }

    const ClientOptions options_;
    KnownSecrets own_secrets_;
    KnownSecrets& secrets_;
    wire::Http& http_;
    Clock& clock_;
    std::mutex endpoints_mutex_;
    std::map<std::pair<const Service*, std::string>, Endpoint> endpoints_;  // guarded by endpoints_mutex_
    std::mutex identity_mutex_;
    std::optional<Identity> identity_;  // guarded by identity_mutex_
    CredentialsStore credentials_;
    Sender sender_;  // last: it waits for calls that use all of the above
};

}  // namespace

std::unique_ptr<Client> Client::create(ClientOptions options, wire::Http& http, Clock& clock, Trace trace) {
    if (!options.environment) options.environment = process_environment();
    for (const auto* const variable : {"AWS_REGION", "AWS_DEFAULT_REGION"})
        if (options.region.empty()) options.region = options.environment(variable).value_or("");
    return std::make_unique<ClientImpl>(std::move(options), http, clock, std::move(trace));
}

Result<Value> Client::call_and_wait(Call call) {
    wire::Handover<Result<Value>> answer;
    this->call(std::move(call), [&](Result<Value> result) { answer.give(std::move(result)); });
    return answer.wait();
}

Result<Value> Client::call_all_pages_and_wait(Call call) {
    wire::Handover<Result<Value>> answer;
    call_all_pages(std::move(call), [&](Result<Value> result) { answer.give(std::move(result)); });
    return answer.wait();
}

}  // namespace strata::aws
