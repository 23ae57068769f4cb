/** Signs requests to S3, for tests. */
export { AwsClient } from "npm:aws4fetch@1.0.20";
