package main

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"

	"k8s.io/apiserver/pkg/endpoints/responsewriter"
	"k8s.io/client-go/kubernetes/scheme"
)

// A CustomResourceDefinition cannot define something in the core group, whose name is empty. Definitions of the group
// core.lab stand in: this serves them below /api/v1, and writes the one name for the other both ways. What is stored,
// validated and watched is an ordinary custom resource.
//
// Clients write types of the core group in protobuf, and patch them by strategic merge patches; custom resources have
// neither. The one is read into JSON, the others are taken as plain merge patches.
type coreGroup struct{ next http.Handler }

func (c coreGroup) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, isCore := coreToLab(r.URL.Path)
	if !isCore && r.URL.Path != "/openapi/v3" {
		c.next.ServeHTTP(w, r)
		return
	}
	r = r.Clone(r.Context())
	r.URL.Path, r.URL.RawPath = path, ""
	// What comes back has to be text, plain and in one encoding.
	r.Header.Del("Accept-Encoding")
	if !strings.Contains(r.Header.Get("Accept"), "json") {
		r.Header.Set("Accept", "application/json")
	}
	body, err := bodyAsText(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	body = coreVersion.ReplaceAll(body, []byte("${1}core.lab/v1${2}"))
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	renaming := &renamingWriter{ResponseWriter: w}
	c.next.ServeHTTP(responsewriter.WrapForHTTP1Or2(renaming), r)
	renaming.finish()
}

func coreToLab(path string) (string, bool) {
	for core, lab := range map[string]string{"/api/v1": "/apis/core.lab/v1", "/openapi/v3/api/v1": "/openapi/v3/apis/core.lab/v1"} {
		if rest, ok := strings.CutPrefix(path, core); ok && (rest == "" || rest[0] == '/') {
			return lab + rest, true
		}
	}
	return path, false
}

// bodyAsText sets the content type that fits what it gives.
func bodyAsText(r *http.Request) ([]byte, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	switch r.Header.Get("Content-Type") {
	case "application/strategic-merge-patch+json":
		r.Header.Set("Content-Type", "application/merge-patch+json")
	case "application/vnd.kubernetes.protobuf":
		object, kind, err := scheme.Codecs.UniversalDeserializer().Decode(body, nil, nil)
		if err != nil {
			return nil, err
		}
		object.GetObjectKind().SetGroupVersionKind(*kind)
		r.Header.Set("Content-Type", "application/json")
		return json.Marshal(object)
	}
	return body, nil
}

// coreVersion finds the version of a core object, in JSON or YAML.
var coreVersion = regexp.MustCompile(`(?m)("apiVersion":\s*"|^apiVersion:\s*)v1("|\s*$)`)

var labNames = []string{"apis/core.lab/v1", "core.lab/v1", ".core.lab", `"core.lab"`}
var labToCore = strings.NewReplacer(labNames[0], "api/v1", labNames[1], "v1", labNames[2], "", labNames[3], `""`)

// renamingWriter writes the core group's own name where the stand-in's is written. A name that a write breaks off is
// kept for the next one; whole objects and events never end in one, so that nothing waits.
type renamingWriter struct {
	http.ResponseWriter
	kept []byte
}

func (w *renamingWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *renamingWriter) WriteHeader(status int) {
	w.Header().Del("Content-Length")
	w.ResponseWriter.WriteHeader(status)
}

func (w *renamingWriter) Write(data []byte) (int, error) {
	w.Header().Del("Content-Length")
	all := append(w.kept, data...)
	end := len(all) - brokenOff(all)
	w.kept = bytes.Clone(all[end:])
	_, err := labToCore.WriteString(w.ResponseWriter, string(all[:end]))
	return len(data), err
}

func (w *renamingWriter) finish() {
	_, _ = w.ResponseWriter.Write(w.kept)
}

// brokenOff is the length of the longest end of data with which one of the names begins.
func brokenOff(data []byte) int {
	longest := 0
	for _, name := range labNames {
		for n := min(len(name)-1, len(data)); n > longest; n-- {
			if bytes.HasSuffix(data, []byte(name[:n])) {
				longest = n
			}
		}
	}
	return longest
}
