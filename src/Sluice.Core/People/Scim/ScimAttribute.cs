namespace Sluice.Core.People.Scim;

/// <summary>An attribute of a resource as filters and patches name it (RFC 7644, figure 1). Names are compared ignoring case.</summary>
/// <param name="Name">The attribute; for one of an extension, the extension's URN when <paramref name="Sub"/> is in it.</param>
/// <param name="Sub">The attribute within it; null: the attribute itself.</param>
public sealed record ScimAttribute(string Name, string? Sub = null)
{
    /// <summary>Where Sluice keeps attributes of people.</summary>
    public const string Extension = "urn:ietf:params:scim:schemas:extension:sluice:2.0:User";

    private const string Urn = "urn:";
    private static readonly string[] Core = ["urn:ietf:params:scim:schemas:core:2.0:User:", "urn:ietf:params:scim:schemas:core:2.0:Group:"];

    /// <summary>Reads a name: <c>userName</c>, <c>name.givenName</c>, or either after a schema's URN.</summary>
    /// <returns>The attribute, or null when the text is none.</returns>
    public static ScimAttribute? Read(string text)
    {
        foreach (var schema in Core)
            if (text.StartsWith(schema, StringComparison.OrdinalIgnoreCase)) return Plain(text[schema.Length..]);
        if (text.Equals(Extension, StringComparison.OrdinalIgnoreCase)) return new ScimAttribute(Extension);
        // What an attribute of a person is called is not bound by the grammar: Okta and others map to any name.
        if (text.StartsWith(Extension + ":", StringComparison.OrdinalIgnoreCase))
            return text.Length > Extension.Length + 1 ? new ScimAttribute(Extension, text[(Extension.Length + 1)..]) : null;
        if (!text.StartsWith(Urn, StringComparison.OrdinalIgnoreCase)) return Plain(text);
        var colon = text.LastIndexOf(':');
        return colon > Urn.Length && colon < text.Length - 1 ? new ScimAttribute(text[..colon], text[(colon + 1)..]) : null;
    }

    /// <inheritdoc/>
    public override string ToString() => Sub is null ? Name : $"{Name}{(Name.StartsWith(Urn, StringComparison.OrdinalIgnoreCase) ? ':' : '.')}{Sub}";

    private static ScimAttribute? Plain(string text)
    {
        var parts = text.Split('.');
        if (parts.Length > 2 || !parts.All(IsName)) return null;
        return new ScimAttribute(parts[0], parts.Length == 2 ? parts[1] : null);
    }

    // ATTRNAME = ALPHA *(nameChar); "$ref" is the one that the specification itself names and its grammar does not.
    private static bool IsName(string text) =>
        text == "$ref" || (text.Length > 0 && char.IsAsciiLetter(text[0]) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'));
}
