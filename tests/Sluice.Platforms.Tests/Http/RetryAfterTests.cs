using Sluice.Platforms.Http;

namespace Sluice.Platforms.Tests.Http;

public sealed class RetryAfterTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 21, 7, 28, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("120", 120)]
    [InlineData("0", 0)]
    [InlineData("Wed, 21 Oct 2026 07:28:30 GMT", 30)]
    [InlineData("Wed, 21 Oct 2026 07:27:30 GMT", 0)]
    public void Seconds_and_dates_are_read(string value, int seconds) => Read(value).ShouldBe(TimeSpan.FromSeconds(seconds));

    [Theory]
    [InlineData("soon")]
    [InlineData("-5")]
    [InlineData("99999999999999999999")]
    [InlineData("")]
    public void What_is_neither_asks_for_nothing(string value) => Read(value).ShouldBeNull();

    [Fact]
    public void Without_the_header_nothing_is_asked_for()
    {
        using var response = new HttpResponseMessage();
        RetryAfter.Read(response.Headers, Now).ShouldBeNull();
    }

    private static TimeSpan? Read(string value)
    {
        using var response = new HttpResponseMessage();
        response.Headers.TryAddWithoutValidation("Retry-After", value);
        return RetryAfter.Read(response.Headers, Now);
    }
}
