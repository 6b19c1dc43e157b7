using System.Net;
using CsCheck;
using Sluice.Platforms.Egress;

namespace Sluice.Platforms.Tests.Egress;

public sealed class AddressClassificationTests
{
    private static readonly Gen<byte[]> FourBytes = Gen.Byte.Array[4];

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("169.254.169.254")]
    [InlineData("169.254.170.2")]
    [InlineData("169.254.0.1")]
    [InlineData("100.100.100.200")]
    [InlineData("168.63.129.16")]
    [InlineData("192.0.0.192")]
    [InlineData("192.0.2.1")]
    [InlineData("192.88.99.1")]
    [InlineData("198.18.0.1")]
    [InlineData("198.19.255.255")]
    [InlineData("198.51.100.7")]
    [InlineData("203.0.113.9")]
    [InlineData("224.0.0.1")]
    [InlineData("239.255.255.250")]
    [InlineData("240.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::0.0.0.2")]
    [InlineData("fe80::1")]
    [InlineData("febf::1")]
    [InlineData("fe80::a9fe:a9fe")]
    [InlineData("ff02::1")]
    [InlineData("100::1")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff:fff::1")]
    [InlineData("2001:2::1")]
    [InlineData("2001:20::1")]
    [InlineData("5f00::1")]
    [InlineData("4000::1")]
    [InlineData("fd00:ec2::254")]
    [InlineData("fd00:ec2::23")]
    [InlineData("fd20:ce::254")]
    [InlineData("fd00:c1::a9fe:a9fe")]
    [InlineData("fd00:42::42")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::ffff:0:169.254.169.254")]
    [InlineData("::169.254.169.254")]
    [InlineData("64:ff9b::169.254.169.254")]
    [InlineData("64:ff9b::127.0.0.1")]
    [InlineData("64:ff9b:1::169.254.169.254")]
    [InlineData("64:ff9b:1::808:808")]
    [InlineData("64:ff9b:1:a9fe:a9:fe00::")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("2002:7f00:1::1")]
    [InlineData("2001:0:a9fe:a9fe::1")]
    [InlineData("2001:0:808:808:0:0:5601:5601")]
    [InlineData("::127.0.0.1")]
    public void Link_local_metadata_and_reserved_addresses_are_forbidden(string address) =>
        EgressGuard.Classify(IPAddress.Parse(address)).ShouldBe(AddressKind.Forbidden);

    [Theory]
    [InlineData("10.0.0.1")]
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.127.255.255")]
    [InlineData("fc00::1")]
    [InlineData("fdff::1")]
    [InlineData("fec0::1")]
    [InlineData("::ffff:10.0.0.1")]
    [InlineData("::10.0.0.1")]
    [InlineData("::8.8.8.8")]
    [InlineData("::ffff:0:8.8.8.8")]
    [InlineData("64:ff9b::10.0.0.1")]
    [InlineData("2002:0a00:1::1")]
    [InlineData("2002:808:808::1")]
    [InlineData("2001:0:808:808:0:0:f7f7:f7f7")]
    public void Private_and_transition_addresses_are_private(string address) =>
        EgressGuard.Classify(IPAddress.Parse(address)).ShouldBe(AddressKind.Private);

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void Loopback_is_loopback(string address) =>
        EgressGuard.Classify(IPAddress.Parse(address)).ShouldBe(AddressKind.Loopback);

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("8.8.8.8")]
    [InlineData("52.94.133.131")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("169.255.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1111")]
    [InlineData("2600:1f18::1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    public void The_rest_is_public(string address) =>
        EgressGuard.Classify(IPAddress.Parse(address)).ShouldBe(AddressKind.Public);

    [Fact]
    public void A_mapped_address_is_what_its_IPv4_address_is() => FourBytes.Sample(bytes =>
        EgressGuard.Classify(new IPAddress(bytes).MapToIPv6()).ShouldBe(EgressGuard.Classify(new IPAddress(bytes))));

    [Theory]
    [InlineData("64:ff9b::", 12)]
    [InlineData("64:ff9b:1::", 12)]
    [InlineData("::", 12)]
    [InlineData("::ffff:0:0:0", 12)]
    [InlineData("2002::", 2)]
    [InlineData("2001::", 4)]
    public void No_way_of_writing_an_IPv4_address_into_an_IPv6_one_makes_it_more_allowed(string prefix, int offset) =>
        FourBytes.Sample(bytes =>
        {
            var inner = EgressGuard.Classify(new IPAddress(bytes));
            var whole = IPAddress.Parse(prefix).GetAddressBytes();
            bytes.CopyTo(whole, offset);
            var outer = new IPAddress(whole);
            if (outer.Equals(IPAddress.IPv6Loopback))
                return;

            // Loopback has no business in there, so it is not just kept but refused.
            var atLeast = inner == AddressKind.Loopback ? AddressKind.Forbidden : inner;
            ((int)EgressGuard.Classify(outer)).ShouldBeGreaterThanOrEqualTo((int)atLeast, outer.ToString());
        });

    [Fact]
    public void Outside_global_unicast_and_NAT64_no_IPv6_address_is_public() => Gen.Byte.Array[16].Sample(bytes =>
    {
        var address = new IPAddress(bytes);
        if ((bytes[0] & 0xe0) != 0x20 && !address.IsIPv4MappedToIPv6)
            EgressGuard.Classify(address).ShouldNotBe(AddressKind.Public);
    });
}
