// The same, where the arguments stand in bare braces: the compiler then names the structure only, and the line.
// expect: strata::aws::sqs::Queue::Queue
// expect: queu_name
#include "providers/aws/sqs.hpp"

void declare(strata::Stack& stack) {
#ifdef MISTAKE
    const strata::aws::sqs::Queue queue{stack, "orders", {.queu_name = "orders"}};
#else
    const strata::aws::sqs::Queue queue{stack, "orders", {.queue_name = "orders"}};
#endif
    stack.output("orders", queue.arn());
}
