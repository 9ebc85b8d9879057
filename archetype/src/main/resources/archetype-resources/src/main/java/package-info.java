/** Manifests from what a command prints. */
package ${package};
