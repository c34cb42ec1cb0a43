package endpoint

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	_ "gocloud.dev/runtimevar/constantvar"
	_ "gocloud.dev/runtimevar/httpvar"
)

func TestSecretFromVariable(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/secret" {
			http.NotFound(w, r)
			return
		}
		w.Write([]byte("s3cret\n"))
	}))
	defer srv.Close()
	for ref, want := range map[string]string{
		"constant://?val=hidden&decoder=string": "hidden",
		"constant://?val=hidden":                "hidden", // bytes
		srv.URL + "/secret?decoder=string":      "s3cret",
		"unknown://x":                           "unknown://x", // a password may look like that
	} {
		got, err := Secret(ref)
		if err != nil || got != want {
			t.Errorf("Secret(%q) = %q, %v; want %q", ref, got, err, want)
		}
	}
	if _, err := Secret("constant://?val=hidden&decoder=json"); err == nil || strings.Contains(err.Error(), "hidden") {
		t.Errorf("a bad variable: %v", err)
	}
}

func TestReference(t *testing.T) {
	for ref, want := range map[string]bool{
		"env:PW": true, "file:/run/pw": true, "constant://?val=x": true,
		"": false, "env:": false, "secret": false, "unknown://x": false, "p:w": false,
	} {
		if got := Reference(ref); got != want {
			t.Errorf("Reference(%q) = %v", ref, got)
		}
	}
}

func TestPasswordFromVariable(t *testing.T) {
	e, err := Parse("mysql://u@h/db?password=" + "constant%3A%2F%2F%3Fval%3Dhidden%26decoder%3Dstring")
	if err != nil || e.Password() != "hidden" {
		t.Fatalf("password %q, %v", e.Password(), err)
	}
}
