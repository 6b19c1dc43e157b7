using System.Xml;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Reads the query protocol's XML: the text of leaf elements by name.</summary>
internal static class StsXml
{
    private static readonly XmlReaderSettings Settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = 1024 * 1024,
    };

    /// <summary>The texts of an answer's leaf elements; null when it is not XML with that root.</summary>
    public static Dictionary<string, string>? Leaves(ReadOnlyMemory<byte> body, string root)
    {
        var leaves = new Dictionary<string, string>(StringComparer.Ordinal);
        try
        {
            using var stream = new MemoryStream(body.ToArray(), writable: false);
            using var reader = XmlReader.Create(stream, Settings);
            if (reader.MoveToContent() != XmlNodeType.Element || reader.LocalName != root) return null;
            string? element = null;
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element) element = reader.LocalName;
                else if ((reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) && element is not null) leaves[element] = reader.Value;
                else if (reader.NodeType == XmlNodeType.EndElement) element = null;
            }

            return leaves;
        }
        catch (XmlException)
        {
            return null;
        }
    }

    /// <summary>AWS's code and message; null when the body is not AWS's error document.</summary>
    public static (string? Code, string? Message) Error(ReadOnlyMemory<byte> body) =>
        Leaves(body, "ErrorResponse") is { } leaves ? (leaves.GetValueOrDefault("Code"), leaves.GetValueOrDefault("Message")) : (null, null);
}
