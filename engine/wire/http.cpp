#include "engine/wire/http.hpp"

#include <poll.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <unordered_map>

#include <curl/curl.h>
#include <fmt/format.h>

#include "engine/wire/ca_bundle.hpp"
#include "engine/wire/http_exchange.hpp"
#include "engine/wire/loop_tools.hpp"

namespace strata::wire {

namespace {

using Steady = std::chrono::steady_clock;

class CurlHttp final : public Http {
public:
    explicit CurlHttp(HttpOptions options) : options_{std::move(options)} {}
    ~CurlHttp() override;
    CurlHttp(const CurlHttp&) = delete;
    CurlHttp& operator=(const CurlHttp&) = delete;

    Status begin();
    void send(Request request, Done done) override;
    void after(Milliseconds delay, std::function<void()> task) override;
    void stop() override;
    [[nodiscard]] bool stopped() const override { return stop_asked_.load(); }
    [[nodiscard]] bool on_loop_thread() const override { return std::this_thread::get_id() == thread_.get_id(); }
    [[nodiscard]] Counters counters() const override {
        return {requests_.load(), connections_.load(), bytes_sent_.load(), bytes_received_.load()};
    }

private:
    struct Origin {
        int active = 0;
        int open = 0;  ///< the most that were active at once: so many connections were made
        std::deque<std::unique_ptr<Exchange>> waiting;
    };
    struct Inbox {
        std::vector<std::unique_ptr<Exchange>> requests;
        std::vector<std::pair<Steady::time_point, std::function<void()>>> tasks;
        bool stop = false;
        bool close = false;
        [[nodiscard]] bool empty() const { return requests.empty() && tasks.empty() && !stop && !close; }
    };

    template <typename Change>
    void post(Change change);
    void run();
    void take_inbox();
    void run_due_tasks();
    void wait_and_act();
    void act_on(const pollfd& ready);
    [[nodiscard]] int poll_milliseconds() const;
    void collect_finished();
    void enqueue(std::unique_ptr<Exchange> exchange);
    [[nodiscard]] int connections_worth(bool tls, const Origin& origin) const;
    void start_waiting(Origin& origin);
    void begin_exchange(std::unique_ptr<Exchange> exchange);
    Status prepare(Exchange& exchange);
    void finish(std::unique_ptr<Exchange> exchange, CURLcode code);
    void release(Exchange& exchange);
    void fail(std::unique_ptr<Exchange> exchange, Error error);
    void interrupt_all();
    static int on_socket(CURL*, curl_socket_t socket, int what, void* user, void*);
    static int on_timer(CURLM*, long milliseconds, void* user);

    HttpOptions options_;
    Waker waker_;
    std::mutex mutex_;
    Inbox inbox_;  // guarded by mutex_

    // Used by the loop's thread only.
    CURLM* multi_ = nullptr;
    CURLSH* share_ = nullptr;
    std::vector<pollfd> watched_;
    std::optional<Steady::time_point> curl_deadline_;
    std::multimap<Steady::time_point, std::function<void()>> tasks_;
    std::map<std::string, Origin, std::less<>> origins_;
    std::unordered_map<CURL*, std::unique_ptr<Exchange>> active_;
    std::vector<CURL*> idle_;
    std::optional<Result<std::string>> ca_bundle_;
    bool stopped_ = false;
    bool closing_ = false;

    std::atomic<bool> stop_asked_ = false;
    std::atomic<std::uint64_t> requests_ = 0;
    std::atomic<std::uint64_t> connections_ = 0;
    std::atomic<std::uint64_t> bytes_sent_ = 0;
    std::atomic<std::uint64_t> bytes_received_ = 0;
    std::thread thread_;
};

Status CurlHttp::begin() {
    const auto refused = [](std::string cause) {
        return Error{.kind = ErrorKind::internal, .summary = "HTTP cannot be started", .cause = std::move(cause), .remedy = {}};
    };
    if (!waker_.ready()) return refused(fmt::format("No pipe: {}.", std::strerror(errno)));
    multi_ = curl_multi_init();
    share_ = curl_share_init();
    if (multi_ == nullptr || share_ == nullptr) return refused("libcurl could not be initialised.");
    // A second connection to a host resumes the TLS session of the first: no second full handshake.
    curl_share_setopt(share_, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlHttp::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlHttp::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    try {
        const SignalsBlocked blocked;
        thread_ = std::thread{[this] { run(); }};
    } catch (const std::system_error& failure) {
        return refused(fmt::format("No thread: {}.", failure.what()));
    }
    return {};
}

CurlHttp::~CurlHttp() {
    if (thread_.joinable()) {
        stop_asked_ = true;
        post([](Inbox& inbox) { inbox.stop = inbox.close = true; });
        thread_.join();
    }
    for (auto* easy : idle_) curl_easy_cleanup(easy);
    if (multi_ != nullptr) curl_multi_cleanup(multi_);
    if (share_ != nullptr) curl_share_cleanup(share_);
}

template <typename Change>
void CurlHttp::post(Change change) {
    bool was_empty = false;
    {
        const std::lock_guard lock{mutex_};
        was_empty = inbox_.empty();
        change(inbox_);
    }
    // The loop looks into the inbox before it sleeps, so its own thread need not wake it.
    if (was_empty && !on_loop_thread()) waker_.wake();
}

void CurlHttp::send(Request request, Done done) {
    auto exchange = std::make_unique<Exchange>();
    exchange->origin = origin_of(request.url);
    exchange->request = std::move(request);
    exchange->done = std::move(done);
    post([&](Inbox& inbox) { inbox.requests.push_back(std::move(exchange)); });
}

void CurlHttp::after(Milliseconds delay, std::function<void()> task) {
    post([&](Inbox& inbox) { inbox.tasks.emplace_back(Steady::now() + delay, std::move(task)); });
}

void CurlHttp::stop() {
    stop_asked_ = true;
    post([](Inbox& inbox) { inbox.stop = true; });
}

void CurlHttp::run() {
    while (true) {
        take_inbox();
        run_due_tasks();
        {
            const std::lock_guard lock{mutex_};
            if (!inbox_.empty()) continue;
        }
        if (closing_ && active_.empty() && tasks_.empty()) return;
        wait_and_act();
        collect_finished();
    }
}

void CurlHttp::take_inbox() {
    Inbox taken;
    {
        const std::lock_guard lock{mutex_};
        std::swap(taken, inbox_);
    }
    closing_ = closing_ || taken.close;
    stopped_ = stopped_ || taken.stop;
    for (auto& [due, task] : taken.tasks) tasks_.emplace(due, std::move(task));
    for (auto& exchange : taken.requests) enqueue(std::move(exchange));
    if (taken.stop) interrupt_all();
}

void CurlHttp::run_due_tasks() {
    const auto now = Steady::now();
    std::vector<std::function<void()>> due;
    while (!tasks_.empty() && (stopped_ || tasks_.begin()->first <= now)) due.push_back(std::move(tasks_.extract(tasks_.begin()).mapped()));
    for (const auto& task : due) task();
}

int CurlHttp::poll_milliseconds() const {
    auto next = curl_deadline_;
    if (!tasks_.empty() && (!next || tasks_.begin()->first < *next)) next = tasks_.begin()->first;
    if (!next) return -1;
    const auto left = std::chrono::ceil<Milliseconds>(*next - Steady::now()).count();
    return static_cast<int>(std::clamp<Milliseconds::rep>(left, 0, 60'000));
}

void CurlHttp::wait_and_act() {
    // A copy: curl changes the list of watched sockets while it acts on them.
    auto sockets = watched_;
    sockets.push_back({.fd = waker_.watched(), .events = POLLIN, .revents = 0});
    ::poll(sockets.data(), static_cast<nfds_t>(sockets.size()), poll_milliseconds());

    if (sockets.back().revents != 0) waker_.drain();
    sockets.pop_back();
    for (const auto& ready : sockets)
        if (ready.revents != 0) act_on(ready);
    if (curl_deadline_ && Steady::now() >= *curl_deadline_) {
        curl_deadline_.reset();
        int running = 0;
        curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    }
}

void CurlHttp::act_on(const pollfd& ready) {
    int what = 0;
    if ((ready.revents & (POLLIN | POLLHUP)) != 0) what |= CURL_CSELECT_IN;
    if ((ready.revents & POLLOUT) != 0) what |= CURL_CSELECT_OUT;
    if ((ready.revents & (POLLERR | POLLNVAL)) != 0) what |= CURL_CSELECT_ERR;
    int running = 0;
    curl_multi_socket_action(multi_, ready.fd, what, &running);
}

int CurlHttp::on_socket(CURL*, curl_socket_t socket, int what, void* user, void*) {
    auto& watched = static_cast<CurlHttp*>(user)->watched_;
    const auto found = std::ranges::find(watched, socket, &pollfd::fd);
    if (what == CURL_POLL_REMOVE) {
        if (found != watched.end()) watched.erase(found);
        return 0;
    }
    short events = 0;
    if ((what & CURL_POLL_IN) != 0) events = static_cast<short>(events | POLLIN);
    if ((what & CURL_POLL_OUT) != 0) events = static_cast<short>(events | POLLOUT);
    if (found != watched.end()) found->events = events;
    else watched.push_back({.fd = socket, .events = events, .revents = 0});
    return 0;
}

int CurlHttp::on_timer(CURLM*, long milliseconds, void* user) {
    auto& deadline = static_cast<CurlHttp*>(user)->curl_deadline_;
    deadline.reset();
    if (milliseconds >= 0) deadline = Steady::now() + Milliseconds{milliseconds};
    return 0;
}

void CurlHttp::collect_finished() {
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi_, &left)) {
        if (message->msg != CURLMSG_DONE) continue;
        const auto code = message->data.result;
        auto finished = active_.extract(message->easy_handle);
        if (!finished.empty()) finish(std::move(finished.mapped()), code);
    }
}

void CurlHttp::enqueue(std::unique_ptr<Exchange> exchange) {
    if (stopped_) {
        auto error = http_error({.what = Failure::interrupted}, exchange->request);
        return fail(std::move(exchange), std::move(error));
    }
    auto& origin = origins_[exchange->origin];
    origin.waiting.push_back(std::move(exchange));
    start_waiting(origin);
}

int CurlHttp::connections_worth(bool tls, const Origin& origin) const {
    if (!tls) return options_.connections_per_host;
    const auto requests = origin.active + static_cast<int>(origin.waiting.size());
    return tls_connections_for(requests, origin.open, options_.tls_connections_per_host);
}

/// Requests beyond the cap wait here rather than in curl, whose timeouts would already run.
void CurlHttp::start_waiting(Origin& origin) {
    while (!origin.waiting.empty()) {
        if (origin.active >= connections_worth(is_tls(origin.waiting.front()->origin), origin)) return;
        auto next = std::move(origin.waiting.front());
        origin.waiting.pop_front();
        origin.open = std::max(origin.open, ++origin.active);
        begin_exchange(std::move(next));
    }
}

void CurlHttp::begin_exchange(std::unique_ptr<Exchange> exchange) {
    if (auto ready = prepare(*exchange); !ready) {
        --origins_[exchange->origin].active;
        release(*exchange);
        return fail(std::move(exchange), std::move(ready).error());
    }
    ++requests_;
    auto* const easy = exchange->easy;
    active_.emplace(easy, std::move(exchange));
    curl_multi_add_handle(multi_, easy);
}

Status CurlHttp::prepare(Exchange& exchange) {
    const auto& request = exchange.request;
    if (const auto part = unsendable_part(request); !part.empty())
        return http_error({.what = Failure::bad_request, .detail = fmt::format("{} has characters that HTTP does not allow", part)},
                          request);
    std::string trusted;
    if (is_tls(exchange.origin)) {
        if (!ca_bundle_) ca_bundle_ = find_ca_bundle(options_.ca_bundle, options_.environment, usual_ca_bundles());
        if (!*ca_bundle_) {
            auto error = ca_bundle_->error();
            error.code = code_not_sent;
            return error;
        }
        trusted = **ca_bundle_;
    }
    exchange.easy = idle_.empty() ? curl_easy_init() : idle_.back();
    if (!idle_.empty()) idle_.pop_back();
    curl_easy_setopt(exchange.easy, CURLOPT_SHARE, share_);
    return set_up(exchange, options_, trusted);
}

void CurlHttp::finish(std::unique_ptr<Exchange> exchange, CURLcode code) {
    connections_ += static_cast<std::uint64_t>(connections_made(exchange->easy));
    bytes_sent_ += bytes_sent(exchange->easy);
    bytes_received_ += exchange->header_bytes + exchange->response.body.size();
    auto result = outcome(*exchange, code, ca_bundle_ && *ca_bundle_ ? **ca_bundle_ : std::string{});

    release(*exchange);
    auto& origin = origins_[exchange->origin];
    --origin.active;
    start_waiting(origin);
    exchange->done(std::move(result));
}

/// Gives curl's handle back for the next request.
void CurlHttp::release(Exchange& exchange) {
    if (exchange.easy == nullptr) return;
    curl_multi_remove_handle(multi_, exchange.easy);
    curl_easy_reset(exchange.easy);
    curl_slist_free_all(exchange.fields);
    idle_.push_back(exchange.easy);
    exchange.easy = nullptr;
    exchange.fields = nullptr;
}

void CurlHttp::fail(std::unique_ptr<Exchange> exchange, Error error) { exchange->done(std::move(error)); }

void CurlHttp::interrupt_all() {
    std::vector<std::pair<std::unique_ptr<Exchange>, bool>> ended;
    for (auto& [easy, exchange] : active_) {
        const bool sent = anything_sent(easy);
        release(*exchange);
        ended.emplace_back(std::move(exchange), sent);
    }
    active_.clear();
    for (auto& [name, origin] : origins_)
        for (auto& exchange : origin.waiting) ended.emplace_back(std::move(exchange), false);
    origins_.clear();

    for (auto& [exchange, sent] : ended) {
        auto error = http_error({.what = Failure::interrupted, .sent = sent}, exchange->request);
        fail(std::move(exchange), std::move(error));
    }
}

}  // namespace

Result<std::unique_ptr<Http>> Http::start(HttpOptions options) {
    static const auto initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
    if (initialised != CURLE_OK)
        return Error{
            .kind = ErrorKind::internal, .summary = "HTTP cannot be started", .cause = curl_easy_strerror(initialised), .remedy = {}};
    if (!options.environment) options.environment = process_environment();
    auto http = std::make_unique<CurlHttp>(std::move(options));
    if (auto begun = http->begin(); !begun) return std::move(begun).error();
    return std::unique_ptr<Http>{std::move(http)};
}

}  // namespace strata::wire
