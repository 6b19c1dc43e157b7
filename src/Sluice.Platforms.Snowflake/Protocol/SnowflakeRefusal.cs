using System.Net;
using Sluice.Platforms.Http;

namespace Sluice.Platforms.Snowflake.Protocol;

/// <summary>What an answer of the account refuses by its status. Snowflake's own refusals are answers with status 200.</summary>
internal static class SnowflakeRefusal
{
    /// <summary>Null when the answer is to be read.</summary>
    public static PlatformException? Read(PlatformResponse response)
    {
        // The vendor's drivers take both for a host that is no account's; Snowflake rejects an unknown one at its gate.
        if (response.Status is not (HttpStatusCode.Forbidden or HttpStatusCode.NotFound)) return StatusRefusal.Read(response);
        return new PlatformException(
            PlatformFailure.Refused,
            $"The host answered with the status {(int)response.Status}: no Snowflake account has this name there, or something on the way keeps this server out.")
        {
            Status = response.Status,
        };
    }
}
