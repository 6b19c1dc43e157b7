using System.Text.Json.Nodes;
using Sluice.Core.People.Scim;
using Sluice.Engine.Scim;

namespace Sluice.Server.Scim;

/// <summary>What this server can of SCIM (RFC 7643, sections 5 to 7).</summary>
internal static class ScimDescription
{
    private const string UserSchema = "urn:ietf:params:scim:schemas:core:2.0:User";
    private const string GroupSchema = "urn:ietf:params:scim:schemas:core:2.0:Group";

    public static JsonObject Configuration() => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig"),
        ["patch"] = new JsonObject { ["supported"] = true },
        ["bulk"] = new JsonObject { ["supported"] = false, ["maxOperations"] = 0, ["maxPayloadSize"] = 0 },
        ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ScimQuery.LargestPage },
        ["changePassword"] = new JsonObject { ["supported"] = false },
        ["sort"] = new JsonObject { ["supported"] = false },
        ["etag"] = new JsonObject { ["supported"] = false },
        ["authenticationSchemes"] = new JsonArray(new JsonObject
        {
            ["type"] = "oauthbearertoken", ["name"] = "SCIM token", ["description"] = "An API key made for one identity provider.", ["primary"] = true,
        }),
        ["meta"] = Meta("ServiceProviderConfig", "ServiceProviderConfig"),
    };

    public static IReadOnlyList<JsonObject> ResourceTypes() =>
    [
        Type("User", "/Users", UserSchema, new JsonArray(new JsonObject { ["schema"] = ScimAttribute.Extension, ["required"] = false })),
        Type("Group", "/Groups", GroupSchema, []),
    ];

    public static IReadOnlyList<JsonObject> Schemas() =>
    [
        Schema(UserSchema, "User", "A person or service account.",
            Attribute("userName", "string", isRequired: true, uniqueness: "server"),
            Attribute("externalId", "string", isExact: true),
            Attribute("displayName", "string"),
            Complex("name", false, "readWrite", Attribute("formatted", "string"), Attribute("givenName", "string"), Attribute("familyName", "string")),
            Attribute("active", "boolean"),
            Complex("emails", true, "readWrite", Attribute("value", "string"), Attribute("type", "string"), Attribute("primary", "boolean")),
            Complex("groups", true, "readOnly", Attribute("value", "string", isExact: true, mutability: "readOnly"), Attribute("display", "string", mutability: "readOnly"))),
        Schema(GroupSchema, "Group", "A group.",
            Attribute("displayName", "string", isRequired: true),
            Attribute("externalId", "string", isExact: true),
            Complex("members", true, "readWrite", Attribute("value", "string", isExact: true, mutability: "immutable"), Attribute("display", "string", mutability: "readOnly"), Attribute("type", "string", mutability: "immutable"))),
        Schema(ScimAttribute.Extension, "Attributes", "Attributes of a person that policies ask for: any name, one text or several."),
    ];

    private static JsonObject Type(string name, string endpoint, string schema, JsonArray extensions) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:ResourceType"),
        ["id"] = name,
        ["name"] = name,
        ["endpoint"] = endpoint,
        ["schema"] = schema,
        ["schemaExtensions"] = extensions,
        ["meta"] = Meta("ResourceType", $"ResourceTypes/{name}"),
    };

    private static JsonObject Schema(string id, string name, string description, params JsonNode[] attributes) => new()
    {
        ["schemas"] = new JsonArray("urn:ietf:params:scim:schemas:core:2.0:Schema"),
        ["id"] = id,
        ["name"] = name,
        ["description"] = description,
        ["attributes"] = new JsonArray(attributes),
        ["meta"] = Meta("Schema", $"Schemas/{id}"),
    };

    private static JsonObject Attribute(
        string name, string type, bool isRequired = false, bool isExact = false, string uniqueness = "none", string mutability = "readWrite") => new()
    {
        ["name"] = name,
        ["type"] = type,
        ["multiValued"] = false,
        ["required"] = isRequired,
        ["caseExact"] = isExact,
        ["mutability"] = mutability,
        ["returned"] = "default",
        ["uniqueness"] = uniqueness,
    };

    private static JsonObject Complex(string name, bool isMultiValued, string mutability, params JsonNode[] parts) => new()
    {
        ["name"] = name,
        ["type"] = "complex",
        ["multiValued"] = isMultiValued,
        ["required"] = false,
        ["mutability"] = mutability,
        ["returned"] = "default",
        ["subAttributes"] = new JsonArray(parts),
    };

    private static JsonObject Meta(string type, string place) => new() { ["resourceType"] = type, ["location"] = $"{ScimEndpoints.Root}/{place}" };
}
