// An output that the type does not give.
// expect: strata::aws::sqs::Queue
// expect: url
#include "providers/aws/sqs.hpp"

void declare(strata::Stack& stack) {
    const strata::aws::sqs::Queue queue{stack, "orders", {}};
#ifdef MISTAKE
    stack.output("orders", queue.url());
#else
    stack.output("orders", queue.queue_url());
#endif
}
