using System.Text.Json.Nodes;
using Sluice.Core.People.Scim;

namespace Sluice.Core.Tests.People.Scim;

public sealed class ScimPatchTests
{
    private const string Before = """{"userName":"ada","active":true,"name":{"givenName":"A"},"emails":[{"value":"a@x","type":"work"}],"members":[{"value":"1"},{"value":"2"}]}""";
    private const string Region = ScimAttribute.Extension + ":Region";

    [Theory]
    [InlineData("replace", "active", "false", "$.active", "false")]
    [InlineData("Replace", "ACTIVE", "\"False\"", "$.active", "\"False\"")]
    [InlineData("replace", null, """{"active":false,"name.givenName":"B"}""", "$.name", """{"givenName":"B"}""")]
    [InlineData("add", null, """{"name":{"familyName":"L"}}""", "$.name", """{"givenName":"A","familyName":"L"}""")]
    [InlineData("add", "members", """[{"value":"2"},{"value":"3"}]""", "$.members", """[{"value":"1"},{"value":"2"},{"value":"3"}]""")]
    [InlineData("add", "members", """{"value":"3"}""", "$.members", """[{"value":"1"},{"value":"2"},{"value":"3"}]""")]
    [InlineData("remove", "members[value eq \"1\"]", null, "$.members", """[{"value":"2"}]""")]
    [InlineData("remove", "members[value eq \"9\"]", null, "$.members", """[{"value":"1"},{"value":"2"}]""")]
    [InlineData("remove", "members", """[{"value":"2"}]""", "$.members", """[{"value":"1"}]""")]
    [InlineData("remove", "members", null, "$.members", null)]
    [InlineData("replace", "members", """[{"value":"9"}]""", "$.members", """[{"value":"9"}]""")]
    [InlineData("replace", "emails[type eq \"work\"].value", "\"b@x\"", "$.emails", """[{"value":"b@x","type":"work"}]""")]
    [InlineData("add", "emails[type eq \"home\"].value", "\"b@x\"", "$.emails", """[{"value":"a@x","type":"work"},{"type":"home","value":"b@x"}]""")]
    [InlineData("remove", "emails[type eq \"work\"].type", null, "$.emails", """[{"value":"a@x"}]""")]
    [InlineData("remove", "name.givenName", null, "$.name", "{}")]
    [InlineData("remove", "nickName.x", null, "$.active", "true")]
    public void An_operation_changes_what_its_path_names(string op, string? path, string? value, string at, string? after)
    {
        var resource = JsonNode.Parse(Before)!.AsObject();

        ScimPatch.Apply(resource, op, path, value is null ? null : JsonNode.Parse(value));

        resource[at[2..]]?.ToJsonString().ShouldBe(after);
    }

    [Fact]
    public void Attributes_of_people_take_one_value_or_several()
    {
        var resource = JsonNode.Parse(Before)!.AsObject();
        Apply("add", "\"EU\"").ShouldBe("\"EU\"");
        Apply("add", "\"EU\"").ShouldBe("\"EU\"");
        Apply("add", "\"US\"").ShouldBe("""["EU","US"]""");
        Apply("add", """["US","DE"]""").ShouldBe("""["EU","US","DE"]""");
        Apply("replace", "\"FR\"").ShouldBe("\"FR\"");
        ScimPatch.Apply(resource, "remove", Region, null);
        resource[ScimAttribute.Extension]!.ToJsonString().ShouldBe("{}");

        string? Apply(string op, string value)
        {
            ScimPatch.Apply(resource, op, Region, JsonNode.Parse(value));
            return resource[ScimAttribute.Extension]!["Region"]?.ToJsonString();
        }
    }

    [Theory]
    [InlineData("move", "a", "1", "invalidSyntax")]
    [InlineData("remove", null, "1", "noTarget")]
    [InlineData("add", null, "1", "invalidValue")]
    [InlineData("add", "a b", "1", "invalidPath")]
    [InlineData("replace", "emails[type eq \"home\"].value", "1", "noTarget")]
    [InlineData("replace", "emails[type eq \"work\"]", "1", "invalidValue")]
    [InlineData("add", "userName.x", "1", "invalidPath")]
    public void What_can_not_be_applied_is_told_by_type(string op, string? path, string value, string scimType) =>
        Should.Throw<ScimPatchException>(() => ScimPatch.Apply(JsonNode.Parse(Before)!.AsObject(), op, path, JsonNode.Parse(value))).ScimType.ShouldBe(scimType);
}
