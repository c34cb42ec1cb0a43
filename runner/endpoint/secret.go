package endpoint

import (
	"context"
	"fmt"
	"strings"
	"time"

	"gocloud.dev/runtimevar"
)

// secretTimeout bounds the reading of one secret.
const secretTimeout = 30 * time.Second

// isVariable tells a URL of the kinds that runtimevar opens from a password that only looks like one: the scheme must be
// that of a driver in this program.
func isVariable(ref string) bool {
	scheme, _, ok := strings.Cut(ref, "://")
	return ok && runtimevar.DefaultURLMux().ValidVariableScheme(scheme)
}

// Reference tells whether a text refers to a secret rather than being one: env:NAME, file:PATH, or the URL of a variable.
func Reference(ref string) bool {
	kind, rest, _ := strings.Cut(ref, ":")
	return (kind == "env" || kind == "file") && rest != "" || isVariable(ref)
}

// variable reads the present value of a runtimevar URL, such as awssecretsmanager://name?region=eu-central-1&decoder=string.
// Which drivers there are is decided by the program that links this package.
// See https://gocloud.dev/howto/runtimevar/.
func variable(ref string) (string, error) {
	where, params, ok := strings.Cut(ref, "?")
	ctx, cancel := context.WithTimeout(context.Background(), secretTimeout)
	defer cancel()
	v, err := runtimevar.OpenVariable(ctx, ref)
	if err != nil {
		text := err.Error() // may repeat the URL with all its parameters
		if ok {
			text = strings.ReplaceAll(text, params, "...")
		}
		return "", fmt.Errorf("open the secret %s: %s", where, text)
	}
	defer v.Close()
	snap, err := v.Latest(ctx)
	if err != nil {
		return "", fmt.Errorf("read the secret %s: %w", where, err)
	}
	switch s := snap.Value.(type) {
	case string:
		return strings.TrimRight(s, "\r\n"), nil
	case []byte:
		return strings.TrimRight(string(s), "\r\n"), nil
	}
	return "", fmt.Errorf("read the secret %s: its value is no text; use decoder=string", where)
}
