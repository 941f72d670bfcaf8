export { type BundleFiles, type BundleInput, buildBundle, writeBundle } from "./build/bundle.js";
export { groupServices } from "./build/leaf-groups.js";
export { cutAmount, describeAmount, type PictureOptions, toDot, toSvg } from "./build/picture.js";
export { type VerifyReport, verifyBundle } from "./verify/verify-bundle.js";
