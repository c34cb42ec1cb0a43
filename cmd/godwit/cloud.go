//go:build !nocloud

package main

// Drivers of secret managers, for passwords by reference. The tag nocloud leaves them out: they are half of what a first
// build compiles.
import (
	_ "gocloud.dev/runtimevar/awsparamstore"
	_ "gocloud.dev/runtimevar/awssecretsmanager"
	_ "gocloud.dev/runtimevar/gcpsecretmanager"
	_ "gocloud.dev/runtimevar/httpvar"
	_ "gocloud.dev/secrets/localsecrets"
)
