#!/bin/sh
# From nothing to an order recommendation, against a running system; from the top of the repository.
set -eu

# README: from here
api=${INVENTORYAI_URL:-http://127.0.0.1:8000}/api/v1
json='Content-Type: application/json'
field() { python3 -c "import json, sys; print(json.load(sys.stdin)$1)"; }

# An account, a login, a company.
curl -sS -w '\n' "$api/register" -H "$json" \
  -d '{"email": "awa@example.com", "password": "seven little rice bags", "full_name": "Awa Ndiaye"}'
token=$(curl -sS "$api/login/token" \
  -d username=awa@example.com -d 'password=seven little rice bags' | field "['access_token']")
auth="Authorization: Bearer $token"
company="X-Company-ID: $(curl -sS "$api/company/" -H "$auth" -H "$json" \
  -d '{"name": "Boutique Awa", "country": "CM"}' | field "['id']")"

# Long work answers at once with a job; this waits for its end.
call() { curl -sS --fail-with-body -H "$auth" -H "$company" "$@"; }
finish() {
  job=$(field "['job']['id']") || return
  while state=$(call "$api/jobs/$job" | field "['state']"); do
    case $state in
      queued | running) sleep 1 ;;
      succeeded) echo "$state"; return ;;
      *) call "$api/jobs/$job" | field "['error']"; return 1 ;;
    esac
  done
}

# Sales in, a forecast, a plan, and what to order.
call "$api/imports" -F file=@docs/examples/sales.csv -F kind=sales | finish
call "$api/forecasts" -H "$json" -d '{"horizon": 28}' | finish
call "$api/plans" -H "$json" -d '{"service_level": 0.95}' | finish
call "$api/recommendations" | python3 -c "
import json, sys
for one in json.load(sys.stdin)['items']:
    print(one['sku'], 'order', one['order_quantity'], 'by', one['order_by'], *one['reasons'], sep='  ')"
# README: to here
