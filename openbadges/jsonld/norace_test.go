//go:build !race

package jsonld_test

// slowdown leaves room for a machine that is busy with other tests.
const slowdown = 1
