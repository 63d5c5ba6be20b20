#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/model/stack.hpp"
#include "providers/aws/glue.hpp"
#include "providers/aws/s3.hpp"

namespace components {

/// What one bucket has beyond what all of them have.
struct BucketSettings {
    std::optional<int> expire_days = {};
    std::optional<int> glacier_days = {};
    std::optional<int> infrequent_access_days = {};
    std::optional<int> object_lock_days = {};  ///< objects cannot be deleted for so long
    bool event_bridge = false;
    bool intelligent_tiering = false;
    bool transfer_acceleration = false;
};

struct DataLakeArgs {
    BucketSettings bronze = {};
    std::optional<std::string> crawler_schedule = {};  ///< "cron(0 3 * * ? *)"; empty: on demand
    bool crawl = true;
    std::vector<std::string> databases = {"bronze", "silver", "gold"};
    bool force_destroy = false;  ///< delete buckets that still hold objects
    BucketSettings gold = {};
    strata::Input<std::string> kms_key{};  ///< ARN of the key of the lake
    BucketSettings logs = {};              ///< of the bucket that takes the others' access logs
    int old_version_days = 90;
    std::string prefix;  ///< begins every name; bucket names get the account id at their end
    BucketSettings results = {};
    BucketSettings silver = {};
    int stale_upload_days = 7;
    BucketSettings temp = {};
};

/// The lake's buckets with all their settings, the Glue databases of its zones, and the crawler that keeps Bronze catalogued.
/// Every bucket: versioned, encrypted, closed to the public, owner enforced, TLS only, logged, stale uploads taken away.
class DataLake : public strata::Component {
public:
    DataLake(const strata::Scope& scope, std::string_view name, const DataLakeArgs& args, strata::Options options = {});

    strata::aws::s3::Bucket access_logs;
    strata::aws::s3::Bucket bronze;
    strata::aws::s3::Bucket silver;
    strata::aws::s3::Bucket gold;
    strata::aws::s3::Bucket temp;
    strata::aws::s3::Bucket artifacts;
    strata::aws::s3::Bucket athena_results;
    strata::aws::s3::Bucket dumps;
    std::map<std::string, strata::aws::glue::Database> databases;  ///< by zone

private:
    void add_catalog(const DataLakeArgs& args);
};

}  // namespace components
