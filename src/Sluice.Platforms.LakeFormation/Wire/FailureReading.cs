using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Sluice.Platforms.LakeFormation.Wire;

/// <summary>Reads the <c>Failures</c> of calls that are answered entry by entry.</summary>
internal static class FailureReading
{
    /// <summary>Of a batch of grants or revokes: by the entry's id, which is its place in the batch.</summary>
    public static IReadOnlyDictionary<int, PlatformException> OfEntries(ref Utf8JsonReader reader)
    {
        var failures = new Dictionary<int, PlatformException>();
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (!reader.ValueTextEquals("Failures"u8)) reader.SkipValue();
            else if (reader.EnterList())
            {
                while (reader.NextItem())
                {
                    var (id, failure) = Entry(ref reader);
                    failures[int.Parse(id ?? "", NumberStyles.None, CultureInfo.InvariantCulture)] = failure;
                }
            }
        }

        return failures;
    }

    /// <summary>Of tags on one resource: the first one.</summary>
    public static PlatformException? OfTags(ref Utf8JsonReader reader)
    {
        PlatformException? first = null;
        reader.EnterAnswer();
        while (reader.NextMember())
        {
            if (!reader.ValueTextEquals("Failures"u8)) reader.SkipValue();
            else if (reader.EnterList())
            {
                while (reader.NextItem())
                {
                    var (_, failure) = Entry(ref reader);
                    first ??= failure;
                }
            }
        }

        return first;
    }

    private static (string? Id, PlatformException Failure) Entry(ref Utf8JsonReader reader)
    {
        string? id = null;
        PlatformException? failure = null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("RequestEntry"u8)) id = Id(ref reader);
            else if (reader.ValueTextEquals("Error"u8)) failure = Error(ref reader);
            else reader.SkipValue();
        }

        return (id, failure ?? AwsRefusal.Of("UnknownError", null, HttpStatusCode.OK));
    }

    private static string? Id(ref Utf8JsonReader reader)
    {
        string? id = null;
        if (!reader.EnterObject()) return null;
        while (reader.NextMember())
        {
            if (reader.ValueTextEquals("Id"u8)) id = reader.NextText();
            else reader.SkipValue();
        }

        return id;
    }

    private static PlatformException Error(ref Utf8JsonReader reader)
    {
        string? code = null, message = null;
        if (reader.EnterObject())
        {
            while (reader.NextMember())
            {
                if (reader.ValueTextEquals("ErrorCode"u8)) code = reader.NextText();
                else if (reader.ValueTextEquals("ErrorMessage"u8)) message = reader.NextText();
                else reader.SkipValue();
            }
        }

        return AwsRefusal.Of(code ?? "UnknownError", message, HttpStatusCode.OK);
    }
}
