/** A store on S3 for services that pull bundles; needs the AWS SDK's S3 client and no Hadoop. */
@NullMarked
package reforest.bundle.s3;

import org.jspecify.annotations.NullMarked;
