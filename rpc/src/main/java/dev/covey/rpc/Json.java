package dev.covey.rpc;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.BeanProperty;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.ContextualDeserializer;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How values become JSON where the application says nothing else. */
final class Json {
    private Json() {}

    /** Records and generics are Jackson's own; {@code Optional} is added: its value, or null. */
    static ObjectMapper defaultMapper() {
        SimpleModule optional = new SimpleModule("covey-optional");
        optional.addSerializer(new OptionalSerializer());
        optional.addDeserializer(Optional.class, new OptionalDeserializer(null));
        return new ObjectMapper().registerModule(optional).disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
    }

    @SuppressWarnings("rawtypes") // Jackson asks for the raw class
    private static final class OptionalSerializer extends StdSerializer<Optional> {
        private static final long serialVersionUID = 1L;

        private OptionalSerializer() {
            super(Optional.class);
        }

        @Override
        public void serialize(Optional value, JsonGenerator out, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.isPresent() ? value.get() : null, out);
        }
    }

    @SuppressWarnings("rawtypes") // as above
    private static final class OptionalDeserializer extends StdDeserializer<Optional>
            implements ContextualDeserializer {
        private static final long serialVersionUID = 1L;

        private final @Nullable JavaType content;

        private OptionalDeserializer(@Nullable JavaType content) {
            super(Optional.class);
            this.content = content;
        }

        @Override
        public JsonDeserializer<?> createContextual(DeserializationContext context, @Nullable BeanProperty property) {
            JavaType type = context.getContextualType();
            return new OptionalDeserializer(type == null ? null : type.containedTypeOrUnknown(0));
        }

        @Override
        public Optional<?> deserialize(JsonParser in, DeserializationContext context) throws IOException {
            JavaType type = content == null ? context.constructType(Object.class) : content;
            return Optional.ofNullable(context.readValue(in, type));
        }

        @Override
        public Optional<?> getNullValue(DeserializationContext context) {
            return Optional.empty();
        }

        @Override
        public Object getAbsentValue(DeserializationContext context) {
            return Optional.empty();
        }
    }
}
