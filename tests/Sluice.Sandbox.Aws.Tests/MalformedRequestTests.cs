using System.Text.Json.Nodes;
using CsCheck;

namespace Sluice.Sandbox.Aws.Tests;

public sealed class MalformedRequestTests
{
    // Requests that are well formed; each round spoils one or two of their parts.
    private static readonly (string Action, string Body)[] Requests =
    [
        ("glue:GetDatabases", """{"CatalogId":"123456789012","MaxResults":5,"ResourceShareType":"ALL","AttributesToGet":["NAME"]}"""),
        ("glue:GetTables", """{"DatabaseName":"sales","Expression":"o.*","MaxResults":5,"NextToken":"x","AttributesToGet":["NAME"]}"""),
        ("glue:GetTable", """{"DatabaseName":"sales","Name":"orders"}"""),
        ("lakeformation:ListPermissions", """{"Principal":{"DataLakePrincipalIdentifier":"123456789012"},"Resource":{"Table":{"DatabaseName":"sales","Name":"orders"}},"ResourceType":"TABLE","IncludeRelated":"TRUE","MaxResults":3}"""),
        ("lakeformation:ListPermissions", """{"Resource":{"LFTagPolicy":{"ResourceType":"TABLE","Expression":[{"TagKey":"domain","TagValues":["hr"]}]}}}"""),
        ("lakeformation:BatchGrantPermissions", """{"Entries":[{"Id":"1","Principal":{"DataLakePrincipalIdentifier":"123456789012"},"Resource":{"TableWithColumns":{"DatabaseName":"sales","Name":"orders","ColumnNames":["status"]}},"Permissions":["SELECT"],"PermissionsWithGrantOption":["SELECT"]}]}"""),
        ("lakeformation:BatchRevokePermissions", """{"Entries":[{"Id":"1","Principal":{"DataLakePrincipalIdentifier":"123456789012"},"Resource":{"TableWithColumns":{"DatabaseName":"sales","Name":"orders","ColumnWildcard":{"ExcludedColumnNames":["status"]}}},"Permissions":["SELECT"]}]}"""),
        ("lakeformation:GrantPermissions", """{"Principal":{"DataLakePrincipalIdentifier":"123456789012"},"Resource":{"LFTag":{"TagKey":"domain","TagValues":["hr"]}},"Permissions":["DESCRIBE"],"PermissionsWithGrantOption":[]}"""),
        ("lakeformation:CreateLFTag", """{"TagKey":"k","TagValues":["v"]}"""),
        ("lakeformation:UpdateLFTag", """{"TagKey":"k","TagValuesToAdd":["w"],"TagValuesToDelete":["v"]}"""),
        ("lakeformation:AddLFTagsToResource", """{"Resource":{"Table":{"DatabaseName":"sales","Name":"orders"}},"LFTags":[{"CatalogId":"123456789012","TagKey":"region","TagValues":["emea"]}]}"""),
        ("lakeformation:RemoveLFTagsFromResource", """{"Resource":{"Database":{"Name":"sales"}},"LFTags":[{"TagKey":"region","TagValues":["emea"]}]}"""),
        ("lakeformation:GetResourceLFTags", """{"Resource":{"TableWithColumns":{"DatabaseName":"sales","Name":"orders","ColumnNames":["status"]}},"ShowAssignedLFTags":true}"""),
        ("lakeformation:SearchTablesByLFTags", """{"Expression":[{"TagKey":"domain","TagValues":["hr"]}],"MaxResults":2}"""),
        ("lakeformation:ListLFTags", """{"MaxResults":2,"ResourceShareType":"ALL"}"""),
    ];

    private static readonly string[] Spoils = ["null", "7", "-1", "1e99", "true", "\"\"", "\"*\"", "\"(\"", "[]", "[null]", "[7]", "{}", "{\"Name\":7}", "[[\"a\"]]", "\"\\u0000\\ud83d\\ude00\""];

    [Fact]
    public async Task A_spoiled_request_is_answered_as_an_error_of_the_caller()
    {
        await using var bench = await Bench.StartAsync();
        var part = Gen.Select(Gen.Int[0, 1000], Gen.Int[0, Spoils.Length - 1]);
        await Gen.Select(Gen.Int[0, Requests.Length - 1], part.Array[0, 2]).SampleAsync(
            async (index, spoils) =>
            {
                var (action, text) = Requests[index];
                var body = JsonNode.Parse(text)!;
                foreach (var (at, with) in spoils) Spoil(body, at, Spoils[with]);
                var parts = action.Split(':');
                var answer = parts[0] == "glue" ? await bench.Admin.Glue(parts[1], body) : await bench.Admin.Lake(parts[1], body);
                answer.Status.ShouldBeOneOf([200, 400], $"{action} {body.ToJsonString()}: {answer.Body}");
            },
            iter: 4_000,
            threads: 1);
    }

    private static void Spoil(JsonNode body, int at, string with)
    {
        var places = Places(body).ToArray();
        if (places.Length == 0) return;
        places[at % places.Length](JsonNode.Parse(with));
    }

    private static IEnumerable<Action<JsonNode?>> Places(JsonNode? node)
    {
        if (node is JsonObject members)
        {
            foreach (var (name, value) in members.ToArray())
            {
                yield return spoiled => members[name] = spoiled;
                foreach (var place in Places(value)) yield return place;
            }
        }
        else if (node is JsonArray items)
        {
            for (var index = 0; index < items.Count; index++)
            {
                var position = index;
                yield return spoiled => items[position] = spoiled;
                foreach (var place in Places(items[index])) yield return place;
            }
        }
    }
}
