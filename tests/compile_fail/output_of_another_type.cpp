// An output of another type than the property's.
// expect: delay_seconds = other.arn()
// expect: strata::Input<long int>
#include "providers/aws/sqs.hpp"

strata::aws::sqs::QueueArgs after(const strata::aws::sqs::Queue& other) {
#ifdef MISTAKE
    return strata::aws::sqs::QueueArgs{.delay_seconds = other.arn()};
#else
    return strata::aws::sqs::QueueArgs{.queue_name = other.name()};
#endif
}
