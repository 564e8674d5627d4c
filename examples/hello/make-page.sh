#!/bin/sh
# Fills the template: make-page.sh GREETING
echo "making the page for: $1" >&2
sed "s/@GREETING@/$1/g" page.template
