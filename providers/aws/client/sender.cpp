#include "providers/aws/client/sender.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <tuple>

#include <fmt/format.h>

#include "engine/base/address.hpp"
#include "engine/base/crypto.hpp"
#include "engine/base/json.hpp"
#include "engine/wire/failure.hpp"
#include "engine/wire/retry.hpp"
#include "providers/aws/auth/canonical.hpp"
#include "providers/aws/client/trace.hpp"

namespace strata::aws {

namespace {

constexpr wire::Backoff transient_backoff{.base = Milliseconds{50}, .cap = Milliseconds{20'000}};
constexpr wire::Backoff throttle_backoff{.base = Milliseconds{500}, .cap = Milliseconds{20'000}};
// Services allow five minutes, S3 fifteen; below four the clock is not what is wrong.
constexpr std::chrono::minutes clock_tolerance{4};
constexpr Milliseconds request_timeout{60'000};
constexpr std::size_t parsed_on_the_loop = std::size_t{256} << 10;
// A little more than eight pauses between attempts are at the most.
constexpr Milliseconds patience_with_broken_answers{13'000};
// A server that asks for more patience than our own jitter gets this much of it.
constexpr Milliseconds most_extra_patience{5'000};

double random_fraction() {
    std::uint32_t number = 0;
    const auto bytes = random_bytes(sizeof number);
    std::memcpy(&number, bytes.data(), sizeof number);
    return static_cast<double>(number) / 4294967296.0;
}

/// What the server asks for, in `x-amz-retry-after` (milliseconds) or Retry-After (seconds); zero when it asks nothing.
Milliseconds asked_patience(const wire::Response* response) {
    if (response == nullptr) return Milliseconds{0};
    const auto read = [&](std::string_view field, int unit) {
        const auto* const text = response->headers.find(field);
        int number = 0;
        if (text == nullptr || std::from_chars(text->data(), text->data() + text->size(), number).ec != std::errc{}) return Milliseconds{0};
        return Milliseconds{static_cast<Milliseconds::rep>(std::clamp(number, 0, 1'000'000)) * unit};
    };
    return std::max(read("x-amz-retry-after", 1), read("retry-after", 1000));
}

std::string gate_name(const Credentials* credentials, const Endpoint& endpoint, const ApiGroup& group) {
    return fmt::format("{}/{}/{}", credentials == nullptr ? "" : credentials->access_key(), endpoint.scope.region, group.name);
}

/// A service's verdict on the call, as opposed to trouble on the way.
bool says_what_happened(const Error& error, int status) {
    const bool trouble = error.kind == ErrorKind::network || error.kind == ErrorKind::timeout || error.kind == ErrorKind::throttled;
    return !trouble && status != 0 && !may_have_acted(error, status);
}

Error unknown_outcome(Error inner, const Call& call) {
    const auto code = inner.code == wire::code_sent || inner.code == wire::code_not_sent ? std::string{} : inner.code;
    return Error{.kind = ErrorKind::outcome_unknown,
                 .summary = "Outcome unknown",
                 .cause = fmt::format("{} {} was sent, and no answer says whether it was carried out.\n{}: {}", call.service->name,
                                      call.operation->name, inner.summary, inner.cause),
                 .remedy = "Run again: what the call may have made is looked for before it is repeated.",
                 .code = code};
}

}  // namespace

Sender::Sender(const ClientOptions& options, wire::Http& http, Clock& clock, Trace trace, KnownSecrets& secrets,
               CredentialsStore& credentials, Resolve resolve)
    : options_{options},
      http_{http},
      clock_{clock},
      trace_{std::move(trace)},
      secrets_{secrets},
      credentials_{credentials},
      resolve_{std::move(resolve)},
      gates_{http, clock} {}

Sender::~Sender() {
    std::unique_lock lock{mutex_};
    ended_.wait(lock, [this] { return under_way_ == 0; });
}

void Sender::send(ReadyCall ready, Client::Done done) {
    {
        const std::lock_guard lock{mutex_};
        ++under_way_;
    }
    const auto call = std::make_shared<Pending>();
    call->group = api_group(*ready.call.service, *ready.call.operation);
    call->ready = std::move(ready);
    call->done = std::move(done);
    call->deadline = clock_.steady() + options_.deadline;
    call->state.repeatable = call->ready.repeatable;
    call->state.max_retries = options_.max_retries;
    start_attempt(call);
}

void Sender::start_attempt(const Shared& call) {
    if (call->ready.call.operation->anonymous) return enter_gate(call);
    credentials_.get([this, call](Result<SharedCredentials> found) {
        if (!found) {
            // On the loop's thread, where every call ends, so that `done` never runs on the search's thread.
            http_.after(Milliseconds{0}, [this, call, error = found.error()] { finish_failed(call, error); });
            return;
        }
        call->credentials = *std::move(found);
        enter_gate(call);
    });
}

void Sender::enter_gate(const Shared& call) {
    const auto& endpoint = call->ready.endpoint;
    const bool published = options_.published_limits.value_or(!endpoint.custom);
    call->gate = gates_.gate(gate_name(call->credentials.get(), endpoint, call->group), published ? call->group.published : std::nullopt);
    call->gate->enter([this, call] { transmit(call); }, call->deadline);
}

wire::Request Sender::signed_request(const ReadyCall& ready, const Credentials& credentials) {
    const auto& serialized = ready.serialized;
    wire::Request request{.method = serialized.method,
                          .url = request_url(ready.endpoint, *ready.call.operation, serialized),
                          .headers = serialized.headers,
                          .body = serialized.body,
                          .body_file = serialized.body_file,
                          .response_limit = longest_answer(*ready.call.operation)};
    if (ready.call.operation->anonymous) return request;
    const auto& scope = ready.endpoint.scope;
    signer_.sign(request, credentials, scope, SigningRules::for_service(scope.service), ready.payload, now());
    return request;
}

void Sender::transmit(const Shared& call) {
    static const Credentials nobody{"", ""};
    const auto now = clock_.steady();
    const auto left = std::chrono::duration_cast<Milliseconds>(call->deadline - now);
    if (left.count() <= 0)
        return finish_failed(call, Error{.kind = ErrorKind::timeout,
                                         .summary = "No time left",
                                         .cause = fmt::format("{} {} waited its turn until its deadline had passed.",
                                                              call->ready.call.service->name, call->ready.call.operation->name),
                                         .remedy = "The service throttles this account's calls: try again later, or with less --parallel.",
                                         .code = std::string{wire::code_not_sent}});

    auto request = signed_request(call->ready, call->credentials ? *call->credentials : nobody);
    // A file may take as long as the call has; anything else that takes a minute is lost.
    request.timeout = request.body_file.empty() ? std::min(left, request_timeout) : left;
    ++call->attempts;
    ++calls_;
    call->sent_at = now;
    call->sent_at_wall = clock_.now();
    trace_request(*call, request);
    http_.send(std::move(request), [this, call](Result<wire::Response> answer) { on_answer(call, std::move(answer)); });
}

void Sender::on_answer(const Shared& call, Result<wire::Response> answer) {
    if (!answer) return on_failure(call, std::move(answer).error(), nullptr);
    note_host(call->ready.endpoint.url);
    const auto& service = *call->ready.call.service;
    const auto& operation = *call->ready.call.operation;
    if (is_error(service, operation, *answer)) {
        auto error = parse_error(service, operation, *answer, [&](std::string_view text) { return redactor(*call)(text); });
        return on_failure(call, std::move(error), &*answer);
    }
    on_good_answer(call, *std::move(answer));
}

void Sender::on_good_answer(const Shared& call, wire::Response response) {
    call->gate->on_success(call->attempts == 1);
    if (response.body.size() <= parsed_on_the_loop) {
        auto parsed = parse(*call->ready.call.service, *call->ready.call.operation, response);
        trace_answer(*call, response, parsed);
        return finish_answered(call, std::move(parsed));
    }
    // A body of megabytes would hold up every other exchange while it is parsed.
    const auto shared = std::make_shared<wire::Response>(std::move(response));
    parser_.run([this, call, shared] {
        const auto parsed = std::make_shared<Result<Value>>(parse(*call->ready.call.service, *call->ready.call.operation, *shared));
        trace_answer(*call, *shared, *parsed);
        http_.after(Milliseconds{0}, [this, call, parsed] { finish_answered(call, std::move(*parsed)); });
    });
}

/// An answer that cannot be read does not say whether a change was made, whatever its status is.
void Sender::finish_answered(const Shared& call, Result<Value> parsed) {
    if (parsed.ok() || is_read_only(*call->ready.call.operation)) return finish(call, std::move(parsed));
    finish(call, unknown_outcome(std::move(parsed).error(), call->ready.call));
}

/// True when the server's time is far from ours; ours is then corrected. Half of the round trip lies before the answer.
bool Sender::note_clock(const Shared& call, const wire::Response& response) {
    const auto* const field = response.headers.find("Date");
    const auto theirs = field == nullptr ? std::nullopt : parse_http_date(*field);
    if (!theirs) return false;
    const auto half_trip = std::chrono::duration_cast<Milliseconds>((clock_.steady() - call->sent_at) / 2);
    const auto ours = call->sent_at_wall + half_trip;
    const auto offset = *theirs - ours;
    if (std::chrono::abs(offset - Milliseconds{clock_offset_.load()}) < clock_tolerance) return false;
    clock_offset_ = offset.count();
    return true;
}

/// S3 tells where the bucket is; only AWS's own hosts are followed there, because the name is then ours to make.
bool Sender::move_region(const Shared& call, const wire::Response& response) {
    auto& endpoint = call->ready.endpoint;
    const auto* const region = response.headers.find("x-amz-bucket-region");
    const bool redirect = response.status == 301 || response.status == 307 || response.status == 400;
    if (region == nullptr || !redirect || endpoint.custom || endpoint.scope.service != "s3" || *region == endpoint.scope.region)
        return false;
    auto moved = resolve_(*call->ready.call.service, *region);
    if (!moved || moved->custom) return false;
    endpoint = *std::move(moved);
    return true;
}

void Sender::on_failure(const Shared& call, Error error, const wire::Response* response) {
    auto& state = call->state;
    trace_failure(*call, error, response);
    state.error = &error;
    state.status = response == nullptr ? 0 : response->status;
    state.host_known = host_known(call->ready.endpoint.url);
    state.clock_is_off = response != nullptr && note_clock(call, *response);
    state.other_region = response != nullptr && !state.region_changed && move_region(call, *response);
    if (!is_read_only(*call->ready.call.operation)) call->may_have_acted = call->may_have_acted || may_have_acted(error, state.status);

    const auto verdict = judge(state);
    state.error = nullptr;
    const auto patience = asked_patience(response);
    const auto with_patience = [&](Milliseconds own) { return std::max(own, std::min(patience, own + most_extra_patience)); };
    switch (verdict) {
        case Verdict::give_up: return finish_failed(call, std::move(error));
        case Verdict::outcome_unknown: return finish(call, unknown_outcome(std::move(error), call->ready.call));
        case Verdict::wait_throttled:
            ++throttled_;
            call->gate->on_throttle();
            return retry(call, std::move(error), with_patience(throttle_backoff.delay(state.throttles++, random_fraction())));
        case Verdict::retry: {
            const auto paid = call->gate->pay_for_retry();
            const auto delay = std::max(paid, with_patience(transient_backoff.delay(state.failures++, random_fraction())));
            return broke_off(error, state.status) ? retry_broken(call, std::move(error), delay) : retry(call, std::move(error), delay);
        }
        case Verdict::correct_clock: state.clock_corrected = true; break;
        case Verdict::refresh_credentials:
            state.credentials_refreshed = true;
            credentials_.refuse(call->credentials);
            break;
        case Verdict::change_region: state.region_changed = true; break;
    }
    retry(call, std::move(error), Milliseconds{0});
}

void Sender::retry(const Shared& call, Error error, Milliseconds delay) {
    if (clock_.steady() + delay >= call->deadline) return finish_failed(call, std::move(error));
    ++retries_;
    http_.after(delay, [this, call] { start_attempt(call); });
}

/// Where hundreds of calls fail at once, their retries have to wait until the budget pays for them: minutes. Broken answers have
/// less patience than that: what is due later is tried once more when it ends.
void Sender::retry_broken(const Shared& call, Error error, Milliseconds delay) {
    const auto now = clock_.steady();
    const auto since = call->broken_since.value_or(now);
    call->broken_since = since;
    const auto left = std::chrono::duration_cast<Milliseconds>(since + patience_with_broken_answers - now);
    if (left.count() <= 0) return finish_failed(call, std::move(error));
    retry(call, std::move(error), std::min(delay, left));
}

void Sender::finish_failed(const Shared& call, Error error) {
    const bool interrupted = error.kind == ErrorKind::interrupted;
    const bool told = call->ready.call.repeatable || says_what_happened(error, call->state.status);
    // What stands in the way after an answer was lost may be what that attempt made; not every service goes by the token.
    if (call->may_have_acted && !interrupted && (!told || error.kind == ErrorKind::conflict))
        return finish(call, unknown_outcome(std::move(error), call->ready.call));
    if (call->attempts > 1) error.cause += fmt::format("\nGiven up after {} attempts.", call->attempts);
    finish(call, std::move(error));
}

void Sender::finish(const Shared& call, Result<Value> result) {
    if (!result) {
        // A service's message may repeat what it was sent.
        auto error = std::move(result).error();
        error.cause = redactor(*call)(error.cause);
        result = std::move(error);
    }
    call->done(std::move(result));
    call->done = {};
    const std::lock_guard lock{mutex_};
    --under_way_;
    ended_.notify_all();
}

const Redactor& Sender::redactor(Pending& call) const {
    // Its credentials may have been fetched anew since the last time.
    if (const auto* used = call.credentials.get(); used != nullptr) add_secrets_of(*used, secrets_);
    if (!call.redactor) call.redactor = std::make_unique<Redactor>(secrets_, call.ready.call.params, call.ready.call.operation->input);
    return *call.redactor;
}

void Sender::trace_request(Pending& call, const wire::Request& request) const {
    if (!trace_) return;
    const auto& [service, operation, params] = std::tie(*call.ready.call.service, *call.ready.call.operation, call.ready.call.params);
    const auto& shown = redactor(call);
    trace_(fmt::format("-> {} {} {} {} (attempt {}) {}", service.name, operation.name, request.method, shown(shown_url(request.url)),
                       call.attempts, shown(to_json(masked(params, operation.input)))));
}

void Sender::trace_answer(Pending& call, const wire::Response& response, const Result<Value>& parsed) const {
    if (!trace_) return;
    const auto took = std::chrono::duration_cast<Milliseconds>(clock_.steady() - call.sent_at).count();
    const auto& [service, operation] = std::tie(*call.ready.call.service, *call.ready.call.operation);
    trace_(fmt::format("<- {} {} {} in {} ms, {} bytes {}", service.name, operation.name, response.status, took, response.body.size(),
                       parsed ? redactor(call)(to_json(outlined(*parsed, operation.output))) : parsed.error().summary));
}

void Sender::trace_failure(Pending& call, const Error& error, const wire::Response* response) const {
    if (!trace_) return;
    trace_(fmt::format("<- {} {} {} {}: {}", call.ready.call.service->name, call.ready.call.operation->name,
                       response == nullptr ? "no answer" : std::to_string(response->status),
                       error.code.empty() ? error.summary : error.code, redactor(call)(error.cause)));
}

void Sender::note_host(const std::string& url) {
    const auto host = url_parts(url).host;
    const std::lock_guard lock{mutex_};
    if (!hosts_.contains(host)) hosts_.emplace(host);
}

bool Sender::host_known(const std::string& url) {
    const std::lock_guard lock{mutex_};
    return hosts_.contains(url_parts(url).host);
}

}  // namespace strata::aws
