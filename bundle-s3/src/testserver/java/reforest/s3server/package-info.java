/** A real server that speaks S3, and a bad line to it, for the tests of several modules. */
package reforest.s3server;
