/** A server of the S3 protocol, for tests. */
export { default as S3Server } from "npm:@20minutes/s3rver@5.0.0";
