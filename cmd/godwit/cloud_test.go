//go:build !nocloud

package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"godwit/runner/endpoint"
)

// TestPasswordFromSecretManager reads a password from a server that answers as AWS Secrets Manager does.
func TestPasswordFromSecretManager(t *testing.T) {
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var ask struct{ SecretId string }
		if err := json.NewDecoder(r.Body).Decode(&ask); err != nil || ask.SecretId != "shop/writer" {
			w.WriteHeader(http.StatusBadRequest)
			w.Write([]byte(`{"__type":"ResourceNotFoundException","message":"no such secret"}`))
			return
		}
		w.Header().Set("Content-Type", "application/x-amz-json-1.1")
		w.Write([]byte(`{"ARN":"arn:aws:secretsmanager:eu-central-1:1:secret:shop/writer","CreatedDate":1.5e9,"Name":"shop/writer",` +
			`"SecretString":"s3cret","VersionId":"1","VersionStages":["AWSCURRENT"]}`))
	}))
	defer srv.Close()
	t.Setenv("AWS_ENDPOINT_URL", srv.URL)
	t.Setenv("AWS_ACCESS_KEY_ID", "id")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "key")
	t.Setenv("AWS_EC2_METADATA_DISABLED", "true")
	got, err := endpoint.Secret("awssecretsmanager://shop/writer?region=eu-central-1&decoder=string&awssdk=v2")
	if err != nil || got != "s3cret" {
		t.Fatalf("secret %q, %v", got, err)
	}
	if _, err := endpoint.Secret("awssecretsmanager://shop/other?region=eu-central-1&decoder=string&awssdk=v2"); err == nil {
		t.Fatal("a secret that is not there was read")
	}
	for _, ref := range []string{"gcpsecretmanager://projects/p/secrets/s", "awsparamstore://name", "https://vault.example.org/secret"} {
		if !endpoint.Reference(ref) {
			t.Errorf("no driver for %s", ref)
		}
	}
}
