#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "providers/aws/client/client.hpp"

namespace strata::aws {

/// Many calls at once, their answers handled one after another on the thread that runs the session. The same
/// request asked for twice is sent once. Answers live as long as the session, so handlers may keep pointers.
class ReadSession {
public:
    using Handler = std::function<void(const Result<Value>& answer)>;

    explicit ReadSession(Client& client) : client_{client} {}
    ReadSession(const ReadSession&) = delete;
    ReadSession& operator=(const ReadSession&) = delete;
    /// Waits for what is still under way: its completion would come back to this object.
    ~ReadSession();

    /// Sends the call at once, every page of it. `handler` runs inside run(), and may ask for more.
    void ask(std::string_view service, std::string_view operation, ValueMap params, Handler handler);
    /// Returns when every handler has run.
    void run();

    [[nodiscard]] std::size_t requests() const { return questions_.size(); }

private:
    struct Question {
        Result<Value> answer{Value{}};
        bool answered = false;
        std::vector<Handler> handlers;
    };
    void send(Question& question, std::string_view service, std::string_view operation, Value params);
    Question* next_answered();

    Client& client_;
    std::deque<Question> questions_;
    std::map<std::string, Question*, std::less<>> by_request_;
    std::vector<Question*> late_;  ///< asked again after their answer came
    std::size_t under_way_ = 0;    ///< sent, handlers not yet run

    std::mutex mutex_;  ///< guards what the HTTP loop's thread writes: completed_
    std::condition_variable arrived_;
    std::deque<std::pair<Question*, Result<Value>>> completed_;
};

}  // namespace strata::aws
