"""The worked example of the API reference: its answer and ours have the same structure, key by key."""
import json

import botocore.session
from sandbox import Sandbox

JUDGE = ("boto3", "the API reference's worked example")


def skeleton(value):
    """Returns the keys, and the members that distinguish a list's elements; no values."""
    if isinstance(value, dict):
        kind = {"Type": value["Type"]} if isinstance(value.get("Type"), str) else {}
        return {key: kind.get(key) or skeleton(item) for key, item in sorted(value.items())}
    if isinstance(value, list):
        return sorted((skeleton(item) for item in value), key=json.dumps)
    return type(value).__name__ if isinstance(value, (bool, int)) else "value"


class TestWorkedExample:
    def test_AcceptHandshake_answers_as_documented(self):
        loader = botocore.session.get_session().get_component("data_loader")
        examples = loader.load_service_model("organizations", "examples-1")["examples"]
        documented = examples["AcceptHandshake"][0]
        with Sandbox() as sandbox:
            client = sandbox.client("web-shop")
            received = client.list_handshakes_for_account()["Handshakes"]
            # As in the example: an invitation to the account's address.
            id = [item["Id"] for item in received if item["State"] == "OPEN"
                  and "EMAIL" in [party["Type"] for party in item["Parties"]]][0]
            answer = client.accept_handshake(**dict.fromkeys(documented["input"], id))
        answer.pop("ResponseMetadata")
        print(json.dumps(answer, indent=2, default=str, ensure_ascii=False))
        notes = {"Type": "NOTES", "Value": "value"}
        ours = skeleton(answer)
        # The example's sender wrote no notes.
        ours["Handshake"]["Resources"] = [
            item for item in ours["Handshake"]["Resources"] if item != notes]
        assert ours == skeleton(documented["output"])
        assert answer["Handshake"]["State"] == documented["output"]["Handshake"]["State"]
